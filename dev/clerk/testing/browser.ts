/** Talks to a local Clerk as clerk-js does, and to its Backend API as a server does. */
import assert from 'node:assert/strict'
import { DEMO_PASSWORD } from '../demo-password'
import { ALICE, BOB, SECRET_KEY } from './test-clerk'

export const APP_ORIGIN = 'http://localhost:3000'

export type Answer = { status: number; body: unknown }

export type Browser = {
  devBrowser: string
  get: (path: string) => Promise<Answer>
  /** A form, with the method that clerk-js puts into the query. */
  send: (path: string, fields?: Record<string, string>, method?: string) => Promise<Answer>
}

/** A new browser. */
export async function newBrowser(clerk: { url: string }): Promise<Browser> {
  const { body } = await send(`${clerk.url}/v1/dev_browser`, { method: 'POST' })
  return browserWith(clerk, String(at(body, 'id')))
}

export function browserWith(clerk: { url: string }, devBrowser: string): Browser {
  const address = (path: string, method = '') =>
    `${clerk.url}/v1${path}?__clerk_db_jwt=${devBrowser}${method && `&_method=${method}`}`
  return {
    devBrowser,
    get: (path) => send(address(path)),
    send: (path, fields = {}, method) =>
      send(address(path, method), {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { origin: APP_ORIGIN },
      }),
  }
}

/** @returns the id of the new session. */
export async function signIn(
  browser: Browser,
  { email, password }: { email: string; password: string },
): Promise<string> {
  const answer = await browser.send('/client/sign_ins', { identifier: email, password })
  assert.equal(at(answer.body, 'response', 'status'), 'complete')
  return String(at(answer.body, 'response', 'created_session_id'))
}

export const alice = { ...ALICE, password: DEMO_PASSWORD }
export const bob = { ...BOB, password: DEMO_PASSWORD }

/** A request to the Backend API, by default with the right key. */
export function backend(
  clerk: { url: string },
  path: string,
  { fields, key = SECRET_KEY, method }: { fields?: object; key?: string; method?: string } = {},
): Promise<Answer> {
  return send(`${clerk.url}/v1${path}`, {
    method: method ?? (fields ? 'POST' : 'GET'),
    ...(fields && { body: JSON.stringify(fields) }),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  })
}

export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) }
}

/** What stands at a path inside an answer, undefined when the path leads nowhere. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<string | number, unknown>)[key]
        : undefined,
    value,
  )
}

/** The code of the error, once it is clear that the answer is a refusal with this status. */
export function refusal(answer: Answer, status: number): unknown {
  assert.equal(answer.status, status)
  return at(answer.body, 'errors', 0, 'code')
}
