import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findLinks } from './find-links'

const links = (text: string) => findLinks(text).flatMap(({ href }) => href ?? [])

test('an address is a link, and the words around it are text', () => {
  assert.deepEqual(findLinks('Read https://example.com/a?b=c#d today'), [
    { text: 'Read ', href: null },
    { text: 'https://example.com/a?b=c#d', href: 'https://example.com/a?b=c#d' },
    { text: ' today', href: null },
  ])
})

test('the parts are the text, whatever it is', () => {
  for (const text of [
    '',
    'no link',
    'http://',
    'https://a.test',
    'a http://b.test, (http://c.test).',
  ])
    assert.equal(
      findLinks(text)
        .map((part) => part.text)
        .join(''),
      text,
    )
})

test('punctuation after an address is not part of it, brackets within are', () => {
  assert.deepEqual(links('See http://a.test/x. (Or https://b.test/y_(z), maybe https://c.test)!'), [
    'http://a.test/x',
    'https://b.test/y_(z)',
    'https://c.test/',
  ])
})

test('only http and https are links: nothing that a click would run', () => {
  for (const text of [
    'javascript:alert(1)',
    'JAVASCRIPT://https.example.com/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x file:///etc/passwd mailto:a@b.test',
    'http:// https://',
  ])
    assert.deepEqual(links(text), [], text)
})

test('quotes and tags end an address', () => {
  assert.deepEqual(links('<a href="https://a.test/"onclick="alert(1)">'), ['https://a.test/'])
})

test('a text made of addresses and brackets is read in linear time', () => {
  const text = 'http://'.repeat(50_000)
  const start = performance.now()
  findLinks(text)
  findLinks(`https://a.test/${')'.repeat(350_000)}`)
  assert.ok(performance.now() - start < 2_000)
})
