/** Variables of the proxy that are too permissive for production. */
import { readList } from '../src/gate/allowlist/file'
import type { Config } from '../src/config/config'
import { createParser } from '../src/gate/parser'
import { checkCertificate } from './certificate'
import { enumerate, unsafe, weak, type Finding, type Outcome } from './check'

const LOOPBACK = new Set(['', 'localhost', '127.0.0.1', '[::1]'])

export async function checkSettings(config: Config): Promise<Outcome[]> {
  const outcome = (name: string, good: string, findings: readonly Finding[]) => ({
    name,
    group: 'Configuration',
    good,
    findings,
  })
  return [
    outcome('database-tls', 'what the proxy and Postgres say stays private', tls(config)),
    outcome('doors', doorsGood(config), doors(config)),
    checkCertificate(config),
    outcome('origins', 'no web page outside this machine comes over plain HTTP', origins(config)),
    outcome('allowlist', allowlistGood(config), await allowlist(config)),
  ]
}

function tls({ databaseUrl }: Config): Finding[] {
  const { hostname, searchParams } = new URL(databaseUrl)
  const host = searchParams.get('host') ?? hostname
  const isLocal = LOOPBACK.has(host) || host.startsWith('/')
  if (isLocal || /^(require|verify-ca|verify-full)$/.test(searchParams.get('sslmode') ?? '')) {
    return []
  }
  return [
    weak(
      'PROXY_DATABASE_URL leads to another machine without asking for TLS',
      'Add ?sslmode=verify-full to it.',
    ),
  ]
}

function doorsGood({ anonymous }: Config): string {
  return anonymous
    ? 'every request goes through the statement gate, with a token or as anonymous (PROXY_ANONYMOUS)'
    : 'every request goes through a token and the statement gate'
}

function doors({ passwordRoles }: Config): Finding[] {
  if (passwordRoles.length === 0) return []
  return [
    weak(
      `PROXY_PASSWORD_ROLES lets ${enumerate(passwordRoles)} in by password, past tokens and the statement gate`,
      'Unset it where the network can reach the proxy: it is for development.',
    ),
  ]
}

function origins({ allowedOrigins }: Config): Finding[] {
  return allowedOrigins
    .filter((origin) => origin.startsWith('http:') && !LOOPBACK.has(new URL(origin).hostname))
    .map((origin) =>
      weak(
        `PROXY_ALLOWED_ORIGINS allows ${origin}, whose pages and tokens can be read on their way`,
        'Serve the application over https:// and allow that.',
      ),
    )
}

function allowlistGood({ allowlist }: Config): string {
  return allowlist === null
    ? 'any statement may run that the gate lets through (PROXY_ALLOWLIST is not set)'
    : `only the statements in ${allowlist} may run`
}

async function allowlist({ allowlist, allowlistRecord }: Config): Promise<Finding[]> {
  const findings: Finding[] = []
  if (allowlistRecord !== null) {
    findings.push(
      weak(
        'PROXY_ALLOWLIST_RECORD is set: all statements are recorded',
        'Unset it when the list is recorded.',
      ),
    )
  }
  if (allowlist === null) return findings
  try {
    await readList(await createParser(), allowlist)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown reason'
    findings.push(unsafe(`the proxy would not start: ${why}`, 'Record it: npm run proxy:allowlist'))
  }
  return findings
}
