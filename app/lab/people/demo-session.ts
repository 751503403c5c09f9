/**
 * A real session of a demo user beside the page's own, kept in memory only: no cookie is sent or taken. It exists where
 * demo users do, with the local Clerk (dev/clerk/demo-sign-in.ts).
 */
import { z } from 'zod'

const answer = z.object({ jwt: z.string(), next: z.string() })
const renewed = z.object({ jwt: z.string() })

/** Tokens live 60 seconds. */
const FRESH_MS = 40_000
const TIMEOUT_MS = 10_000

export class DemoSession {
  readonly #action: string
  readonly #user: string
  #next: string | undefined
  #token: { jwt: string; at: number } | undefined
  #asking: Promise<string> | undefined

  /** @param action where the form of the demo users is sent to */
  constructor(action: string, user: string) {
    this.#action = action
    this.#user = user
  }

  /** A token that is good for some seconds at least. */
  token(): Promise<string> {
    if (this.#token !== undefined && performance.now() - this.#token.at < FRESH_MS) {
      return Promise.resolve(this.#token.jwt)
    }
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  /** Forgets the token, so that the next one is of a new session. */
  forget(): void {
    this.#token = undefined
    this.#next = undefined
  }

  async #ask(): Promise<string> {
    const jwt = this.#next === undefined ? await this.#signIn() : await this.#renew(this.#next)
    this.#token = { jwt, at: performance.now() }
    return jwt
  }

  async #signIn(): Promise<string> {
    const body = new URLSearchParams({ user: this.#user, to: '/' })
    const { jwt, next } = answer.parse(await post(this.#action, body))
    this.#next = `${this.#action.replace(/\/[^/]*$/, '')}${next}`
    return jwt
  }

  async #renew(next: string): Promise<string> {
    try {
      return renewed.parse(await post(next)).jwt
    } catch (error) {
      this.forget()
      throw error
    }
  }
}

async function post(url: string, body?: URLSearchParams): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    ...(body === undefined ? {} : { body }),
    headers: { accept: 'application/json' },
    credentials: 'omit',
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (!response.ok) throw new Error(`the login service answered with status ${response.status}`)
  return response.json()
}
