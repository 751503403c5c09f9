/** The list over HTTP. SQL goes out with the access token of the session that asks. */
import {
  Body,
  Controller,
  Delete,
  Get,
  Param,
  ParseUUIDPipe,
  Patch,
  Post,
  Req,
} from '@nestjs/common'
import SuperTokens from 'supertokens-node'
import type { SessionContainer } from 'supertokens-node/recipe/session'
import { addTodo, deleteTodo, listTodos, toggleTodo } from '../../todos/queries'
import { connect } from './db'

type Asked = { session: SessionContainer }

const databaseOf = ({ session }: Asked) => connect(session.getAccessToken())

@Controller('api/todos')
export class Todos {
  @Get()
  async list(@Req() asked: Asked) {
    const user = await SuperTokens.getUser(asked.session.getUserId())
    return { email: user?.emails[0], todos: await listTodos(databaseOf(asked)) }
  }

  @Post()
  async add(@Req() asked: Asked, @Body('task') task: unknown) {
    if (typeof task === 'string') await addTodo(databaseOf(asked), task)
  }

  @Patch(':id')
  async toggle(@Req() asked: Asked, @Param('id', ParseUUIDPipe) id: string) {
    await toggleTodo(databaseOf(asked), id)
  }

  @Delete(':id')
  async remove(@Req() asked: Asked, @Param('id', ParseUUIDPipe) id: string) {
    await deleteTodo(databaseOf(asked), id)
  }
}
