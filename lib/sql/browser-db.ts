/** Postgres from the browser, as the user of the given session token. */
import { connect } from './connect'
import { env } from '../env'

export const browserDb = connect(env.databaseUrl)
