/** Postgres as a moderator, which the proxy permits to users whose token names them one. */
import 'server-only'
import { env } from '../env'
import { connect } from './connect'
import { serverEnv } from '../server-env'

const url = new URL(serverEnv.databaseUrl)
url.username = 'moderator'

export const moderatorDb = connect({ databaseUrl: url.href, sqlUrl: env.sqlUrl })
