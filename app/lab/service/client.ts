/** The lab's service as typed functions: for the browser by way of the app, and for tests directly. */
import type { z } from 'zod'
import {
  catalog,
  checked,
  made,
  measurement,
  names,
  outcome,
  refusal,
  tried,
  world,
  type Mistake,
  type NewWorld,
  type Run,
  type TokenOrder,
  type Trial,
} from './api'

/** The service refused, or does not answer; the message is for the user. */
export class LabError extends Error {
  override readonly name = 'LabError'
  /** HTTP's, of the service's answer. */
  readonly status: number | undefined

  constructor(message: string, status?: number) {
    super(message)
    this.status = status
  }
}

export type Lab = ReturnType<typeof createLab>

/** @param base the service's address, or `/lab/api` in the browser */
export function createLab(base: string) {
  const ask = async <T>(
    schema: z.ZodType<T>,
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<T> => {
    const answer = await send(`${base}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      ...(signal === undefined ? {} : { signal }),
    })
    if (answer.ok) return schema.parse(await answer.json())
    throw new LabError(await reasonOf(answer), answer.status)
  }
  return {
    makeWorld: (order: NewWorld) => ask(world, 'POST', '/worlds', order),
    run: (id: string, order: Run, signal?: AbortSignal) =>
      ask(outcome, 'POST', `/worlds/${id}/run`, order, signal),
    attempt: (id: string, order: Trial) => ask(tried, 'POST', `/worlds/${id}/try`, order),
    guess: (id: string, mistake: Mistake) =>
      ask(checked, 'POST', `/worlds/${id}/guess`, { mistake }),
    reset: (id: string) => ask(world, 'POST', `/worlds/${id}/reset`),
    catalog: (id: string) => ask(catalog, 'GET', `/worlds/${id}/catalog`),
    verify: (id: string, token: string) => ask(outcome, 'POST', `/worlds/${id}/verify`, { token }),
    drop: async (id: string) => {
      await send(`${base}/worlds/${id}`, { method: 'DELETE', keepalive: true })
    },
    names: () => ask(names, 'GET', '/names'),
    makeToken: (order: TokenOrder) => ask(made, 'POST', '/tokens', order),
    measure: (rows?: number) => ask(measurement, 'POST', '/measurements', { rows }),
    measured: (id: string) => ask(measurement, 'GET', `/measurements/${id}`),
    cancel: (id: string) => ask(measurement, 'DELETE', `/measurements/${id}`),
  }
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (init.signal?.aborted === true) throw error
    throw new LabError('The lab does not answer. Is it running (LAB=on, npm run up)?')
  }
}

async function reasonOf(answer: Response): Promise<string> {
  const parsed = refusal.safeParse(await answer.json().catch(() => null))
  return parsed.data?.error ?? `The lab answered with status ${answer.status}.`
}
