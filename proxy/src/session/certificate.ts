/** The certificate of the sessions over TCP (PROXY_TLS_CERT, PROXY_TLS_KEY), read again when a file changes. */
import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureContext } from 'node:tls'
import { lookAt, watchFile } from '../ops/watch-file'

export type CertificateFiles = { readonly cert: string; readonly key: string }

export type Certificate = {
  readonly current: () => SecureContext
  readonly close: () => void
}

/** @throws Error with one sentence, without anything of the key */
export function readCertificate({ cert, key }: CertificateFiles): SecureContext {
  const [certificate, privateKey] = [cert, key].map((path) => {
    try {
      return readFileSync(path)
    } catch {
      throw new Error(`${path} cannot be read`)
    }
  })
  try {
    return createSecureContext({ cert: certificate, key: privateKey, minVersion: 'TLSv1.2' })
  } catch {
    throw new Error('they are not a certificate chain and its private key, both in PEM')
  }
}

/** @param say called when the files were read again, or why they were not */
export function watchCertificate(
  files: CertificateFiles,
  say: (sentence: string) => void = toStderr,
): Certificate {
  const seen = [lookAt(files.cert), lookAt(files.key)]
  let current = readCertificate(files)
  const reload = () => {
    try {
      current = readCertificate(files)
      say('PROXY_TLS_CERT and PROXY_TLS_KEY were read again.')
    } catch (error) {
      // Half of a renewal, perhaps: the other file follows.
      const why = error instanceof Error ? error.message : 'unknown reason'
      say(`The certificate stays as it was: ${why}.`)
    }
  }
  const unwatch = seen.map((file) => watchFile(file, reload))
  return {
    current: () => current,
    close: () => {
      for (const stop of unwatch) stop()
    },
  }
}

/** To stderr: stdout is the access log, one JSON object per line. */
function toStderr(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
