/** Postgres from the server, as the user who sent the request. */
import 'server-only'
import { connect } from './connect'
import { serverEnv } from '../server-env'

export const serverDb = connect(serverEnv.databaseUrl)
