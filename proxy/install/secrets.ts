/**
 * Installs what the proxy and the database have to agree on: the password of `authenticator` and
 * the key that seals identities. Neither is written to the server's log where that can be avoided.
 */
import { createHash } from 'node:crypto'
import { escapeLiteral, DatabaseError as PostgresError } from 'pg'
import type { SessionKey } from '../src/auth/session-key'
import { DatabaseError } from './database-error'
import { scramVerifier } from './scram'

/** What is needed of a connection; a `Client` is one. */
export type Connection = {
  query: (sql: string, values?: unknown[]) => Promise<{ rows: unknown[]; rowCount: number | null }>
}

type OnNotice = (notice: string) => void

/** @throws DatabaseError when the password cannot be used, or may not be set */
export async function installPassword(client: Connection, password: string, onNotice: OnNotice) {
  if (!/^[\x20-\x7e]+$/.test(password)) {
    throw new DatabaseError('The password in PROXY_DATABASE_URL must be of printable ASCII.')
  }
  const set = (value: string) =>
    client.query(`alter role authenticator password ${escapeLiteral(value)}`)
  try {
    await set(scramVerifier(password))
  } catch (error) {
    if (!(error instanceof PostgresError) || error.code === '42501') throw error
    // Some hosts want to see the password, to check how strong it is.
    onNotice(
      'This host does not take a SCRAM verifier, so authenticator’s password is sent as it is. ' +
        'Weaker: the host’s log may hold it.',
    )
    await set(password)
  }
}

/** Adds a key. The ones before it stay valid, so that proxies can change over one by one. */
export async function installSessionKey(client: Connection, { kid, key }: SessionKey) {
  await client.query('begin')
  await keepParametersOutOfTheLog(client)
  await client.query(
    `insert into private.session_keys (kid, inner_pad, outer_pad) values ($1, $2, $3)
     on conflict (kid) do update
     set inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad`,
    [kid, hmacPad(key, 0x36), hmacPad(key, 0x5c)],
  )
  await client.query('commit')
}

/** @returns how many keys were valid before and are no longer */
export async function retireOtherKeys(client: Connection, { kid }: SessionKey): Promise<number> {
  const { rowCount } = await client.query('delete from private.session_keys where kid <> $1', [kid])
  return rowCount ?? 0
}

/** The two blocks of RFC 2104; see private.session_keys in proxy/sql/04_identity.sql. */
function hmacPad(key: Buffer, byte: number): Buffer {
  const block = Buffer.alloc(64)
  const short = key.length > block.length ? createHash('sha256').update(key).digest() : key
  short.copy(block)
  return Buffer.from(block.map((value) => value ^ byte))
}

/** Only a superuser may; for others the host decides what it logs. */
async function keepParametersOutOfTheLog(client: Connection) {
  const { rowCount } = await client.query(`select where current_setting('is_superuser') = 'on'`)
  if (rowCount === 1) await client.query('set local log_parameter_max_length = 0')
}
