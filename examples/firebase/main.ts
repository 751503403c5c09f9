import '../todos/todos.css'
import { startPage } from '../todos/page'
import * as auth from './lib/auth'
import { connect } from './lib/db'

await startPage(auth, connect)
