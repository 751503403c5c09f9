/** The certificate of the sessions over TCP: an expired one turns away every client that looks. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Config } from '../src/config/config'
import { unsafe, weak, type Finding, type Outcome } from './check'

const DAY_MS = 86_400_000
/** Issuers that renew by themselves do so a month before the end. */
const SOON_DAYS = 14

const FIX = 'Renew it. The proxy reads PROXY_TLS_CERT and PROXY_TLS_KEY again when they change.'

export function checkCertificate({ tcp }: Pick<Config, 'tcp'>, now = Date.now()): Outcome {
  return {
    name: 'tls-certificate',
    group: 'Configuration',
    good:
      tcp === null
        ? 'no sessions over TCP (PROXY_TCP_PORT is not set)'
        : tcp.certificate === null
          ? 'sessions over TCP are for this machine alone'
          : 'sessions over TCP have a certificate that is valid',
    findings: tcp?.certificate ? judge(tcp.certificate.cert, now) : [],
  }
}

function judge(path: string, now: number): Finding[] {
  // The first certificate of a chain is the server's own.
  const { validFrom, validTo } = new X509Certificate(readFileSync(path))
  const [begin, end] = [Date.parse(validFrom), Date.parse(validTo)]
  if (end <= now) return [unsafe(`the certificate in PROXY_TLS_CERT expired on ${day(end)}`, FIX)]
  if (begin > now) {
    return [unsafe(`the certificate in PROXY_TLS_CERT is valid from ${day(begin)} on`, FIX)]
  }
  return end - now < SOON_DAYS * DAY_MS
    ? [weak(`the certificate in PROXY_TLS_CERT expires on ${day(end)}`, FIX)]
    : []
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
