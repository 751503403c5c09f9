/** For tests: a certificate of its own for `localhost`, valid from now on. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Writes `<name>.cert` and `<name>.key` into the folder. */
export function createCertificate(
  folder: string,
  name: string,
  days = 2,
): { cert: string; key: string } {
  const [cert, key] = [join(folder, `${name}.cert`), join(folder, `${name}.key`)]
  const { status, stderr } = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', key, '-out', cert, '-days', String(days)],
    ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'],
  ])
  assert.equal(status, 0, stderr.toString())
  return { cert, key }
}
