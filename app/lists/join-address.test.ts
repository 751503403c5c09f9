import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newLinkSecret } from '@/db/queries/link-secret'
import { joinAddress, secretIn } from './join-address'

const LIST = '0c6f7c0e-6d5f-4c31-9d6e-0a6f6a1f6a11'

test('the secret stands in the fragment of the address, and nowhere else', () => {
  const secret = newLinkSecret()
  const address = new URL(joinAddress('https://todos.example', LIST, secret))
  assert.equal(secretIn(address.hash), secret)
  assert.ok(!`${address.origin}${address.pathname}${address.search}`.includes(secret))
})

test('a fragment that is cut off, mistyped or missing holds no secret', () => {
  const secret = newLinkSecret()
  for (const fragment of [
    '',
    '#',
    `#${secret.slice(1)}`,
    `#${secret}x`,
    '#<script>',
    `#${secret} `,
  ])
    assert.equal(secretIn(fragment), null, fragment)
})
