import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClientAddress } from './client-address'

const addressBehind = (trusted: readonly string[]) => {
  const clientAddress = createClientAddress(trusted)
  return (socket: string | undefined, forwardedFor: string | undefined) =>
    clientAddress(socket, () => forwardedFor)
}

test('without a trusted proxy, the socket’s address counts and the header is ignored', () => {
  const address = addressBehind([])
  assert.equal(address('203.0.113.7', undefined), '203.0.113.7')
  assert.equal(address('203.0.113.7', '198.51.100.1'), '203.0.113.7')
  assert.equal(address('::ffff:203.0.113.7', '198.51.100.1'), '203.0.113.7')
})

test('behind trusted proxies, the rightmost other address counts', () => {
  const address = addressBehind(['10.0.0.0/8', '192.0.2.1', 'fd00::/8'])
  assert.equal(address('10.1.2.3', '198.51.100.1'), '198.51.100.1')
  assert.equal(address('10.1.2.3', 'made up, 198.51.100.1, 192.0.2.1'), '198.51.100.1')
  assert.equal(address('::ffff:10.1.2.3', '8.8.8.8, 198.51.100.1'), '198.51.100.1')
  assert.equal(address('fd00::1', '198.51.100.1'), '198.51.100.1')
  assert.equal(address('203.0.113.7', '198.51.100.1'), '203.0.113.7')
})

test('an invalid address in the header ends the search', () => {
  const address = addressBehind(['10.0.0.0/8'])
  assert.equal(address('10.1.2.3', undefined), '10.1.2.3')
  assert.equal(address('10.1.2.3', '198.51.100.1, nonsense'), '10.1.2.3')
  assert.equal(address('10.1.2.3', '10.0.0.9'), '10.0.0.9')
  assert.equal(address(undefined, '198.51.100.1'), '')
})

test('the addresses of one IPv6 network count as one', () => {
  const address = addressBehind([])
  assert.equal(address('2001:db8:1:2:aaaa::1', undefined), '2001:db8:1:2::/64')
  assert.equal(address('2001:db8:1:2::9', undefined), '2001:db8:1:2::/64')
  assert.equal(address('2001:0db8:0001:0002:1:2:3:4', undefined), '2001:db8:1:2::/64')
  assert.equal(address('::1', undefined), '0:0:0:0::/64')
})

test('an invalid address block is refused', () => {
  for (const block of ['10.0.0.0/33', '10.0.0.0/x', 'localhost', '', 'fd00::/129']) {
    assert.throws(() => createClientAddress([block]), /neither an IP address nor a block/)
  }
})
