import { serveTodos } from '../todos/server'
import * as auth from './lib/auth'
import { connect } from './lib/db'

serveTodos(auth, connect)
