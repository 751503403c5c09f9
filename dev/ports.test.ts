import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { assertPortFree } from './ports'

test('a taken port is refused with its number, what wants it, and the variable that moves it', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await assert.rejects(assertPortFree(port, 'the app', 'PORT'), {
    name: 'UserError',
    message: new RegExp(
      `Port ${port}, which the app wants, is taken.*PORT=${port + 1000} npm run up`,
    ),
  })
  server.close()
  await once(server, 'close')
  await assertPortFree(port, 'the app', 'PORT')
})
