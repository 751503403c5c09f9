/** Postgres from the browser, as the user whose session token comes with the call. */
import { connect } from './connect'
import { env } from '../env'

export const browserDb = connect(env.databaseUrl)
