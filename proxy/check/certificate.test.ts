import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createCertificate } from '../test/testing/certificate'
import { checkCertificate } from './certificate'

const DAY_MS = 86_400_000

let folder: string
let certificate: { cert: string; key: string }
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'certificate-'))
  certificate = createCertificate(folder, 'server', 30)
})
after(() => {
  rmSync(folder, { recursive: true })
})

const findingsIn = (days: number) =>
  checkCertificate({ tcp: { port: 5432, certificate } }, Date.now() + days * DAY_MS).findings.map(
    ({ level, what }) => `${level}: ${what}`,
  )

test('a certificate that is valid for weeks is right', () => {
  assert.deepEqual(findingsIn(1), [])
})

test('one that expires within two weeks is worth a look', () => {
  assert.match(findingsIn(17).join(), /^weak: the certificate in PROXY_TLS_CERT expires on \d{4}-/)
})

test('one that has expired, or is not valid yet, is unsafe', () => {
  assert.match(
    findingsIn(31).join(),
    /^unsafe: the certificate in PROXY_TLS_CERT expired on \d{4}-/,
  )
  assert.match(findingsIn(-1).join(), /^unsafe: .* is valid from \d{4}-\d\d-\d\d on/)
})

test('without sessions over TCP, and on loopback, none is needed', () => {
  for (const tcp of [null, { port: 5432, certificate: null }]) {
    assert.deepEqual(checkCertificate({ tcp }).findings, [])
  }
})
