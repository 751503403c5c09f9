import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loginHtml, todosHtml } from './html'

const HOSTILE = `"><script>alert('x')</script>&`

test('what people typed is text on the page, in elements and in attributes', () => {
  const todo = { id: '1', task: HOSTILE, isComplete: false }
  for (const html of [
    todosHtml(HOSTILE, [todo], HOSTILE),
    loginHtml('Sign in', HOSTILE, HOSTILE),
  ]) {
    assert.doesNotMatch(html, /<script|alert\('/)
    assert.ok(html.includes('&#34;&#62;&#60;script&#62;'))
  }
})
