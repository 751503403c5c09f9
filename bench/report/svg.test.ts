import assert from 'node:assert/strict'
import { test } from 'node:test'
import { svg } from './svg'

const chart = {
  title: 'A list of <20> todos & more',
  unit: 'requests/s',
  bars: [
    { label: 'the limit', value: 10_000 },
    { label: 'the proxy', value: 5_000, isOurs: true },
  ],
}

/** Every tag that opens also closes, in the right order. */
function assertWellFormed(xml: string) {
  const open: string[] = []
  for (const [, slash, name, selfClosing] of xml.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (slash === '/') assert.equal(open.pop(), name)
    else if (selfClosing !== '/') open.push(name ?? '')
  }
  assert.deepEqual(open, [])
}

test('the picture is well-formed, whatever the labels hold', () => {
  const picture = svg([chart, chart], 'on 2 cores')
  assertWellFormed(picture)
  assert.ok(picture.includes('A list of &#60;20&#62; todos &#38; more'))
})

test('a bar is as long as its value says', () => {
  const widths = [...svg([chart], '').matchAll(/class="(?:bar|accent)" .*?width="([\d.]+)"/g)]
  assert.equal(Number(widths[0]?.[1]), 2 * Number(widths[1]?.[1]))
})

test('no figure of the picture depends on a script or on another file', () => {
  assert.doesNotMatch(svg([chart], ''), /<script|href|url\(/)
})
