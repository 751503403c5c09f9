/** Postgres from the server, as the user who sent the request. */
import 'server-only'
import { env } from '../env'
import { connect } from './connect'
import { serverEnv } from '../server-env'

export const serverDb = connect({ databaseUrl: serverEnv.databaseUrl, sqlUrl: env.sqlUrl })
