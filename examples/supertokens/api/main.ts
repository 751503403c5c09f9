import 'reflect-metadata'
import { join } from 'node:path'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { middleware } from 'supertokens-node/framework/express'
import { verifySession } from 'supertokens-node/recipe/session/framework/express'
import { initAuth } from './auth'
import { Todos } from './todos'

@Module({ controllers: [Todos] })
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- Nest wants a class
class App {}

initAuth()
const app = await NestFactory.create<NestExpressApplication>(App, { logger: ['error', 'warn'] })
// SuperTokens’ own routes, under /auth.
app.use(middleware())
app.use('/api', verifySession())
app.useStaticAssets(join(import.meta.dirname, '../web'))
await app.listen(process.env.PORT ?? 3000, 'localhost')
