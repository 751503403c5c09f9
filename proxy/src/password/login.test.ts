import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { loginByPassword } from './login'

test('if Postgres asks for no password, the login is refused', async () => {
  // AuthenticationOk at once, as with `trust` in pg_hba.conf, then ReadyForQuery.
  const trusting = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1')
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.write(trusting))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const login = loginByPassword(
    { url: `postgresql://authenticator:x@127.0.0.1:${port}/memos`, statementTimeoutMs: 1_000 },
    { role: 'postgres', database: 'memos', password: Buffer.from('anything'), settings: [] },
  )
  await assert.rejects(login, {
    message: `password authentication failed for user 'postgres'`,
    code: 'password_refused',
  })
  server.close()
})
