/** The part of a trace about the token: what it says, and which checks it passed. */
import type { CheckSeen, Seen, Tracer } from './trace'
import { rounded } from './trace'
import { CHECKS, type Check } from '../auth/tokens/checks'
import { MAX_TOKEN_LENGTH } from '../auth/tokens/decode'

/** The header and the claims, without the signature: alone, they prove nothing. Unreadable parts are left out. */
export function tokenSeen(token: string): Seen['token'] {
  if (token.length > MAX_TOKEN_LENGTH) return {}
  const [header, claims] = token.split('.').map(objectIn)
  return { ...(header ? { header } : {}), ...(claims ? { claims } : {}) }
}

function objectIn(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Notes each check that a token passes. All report in the order of `CHECKS`, so the next one is the one that refused. */
export class TokenChecks {
  readonly #checks: CheckSeen[] = []
  #since = performance.now()

  constructor(tracer: Tracer) {
    tracer.begin('checks')
    tracer.see('checks', { checks: this.#checks })
  }

  readonly onPassed = (check: Check): void => {
    this.#note(check, true)
  }

  refused(): void {
    const next = CHECKS[this.#checks.length]
    if (next !== undefined) this.#note(next, false)
  }

  #note(check: Check, passed: boolean): void {
    const now = performance.now()
    this.#checks.push({ check, ms: rounded(now - this.#since), passed })
    this.#since = now
  }
}
