/** What can be asked of the service: each route with the schema of its body. */
import { z } from 'zod'
import {
  guess,
  measurementOrder,
  newWorld,
  run,
  tokenOrder,
  trial,
  verify,
  type Names,
  type Tried,
} from './api'
import { readCatalog } from './catalog'
import { LabError } from './client'
import { checkGuess } from './exercises'
import { hear } from './hearing'
import type { Issuer } from './issuer'
import type { Measurements } from './measure'
import type { Entry, Worlds } from './worlds'
import type { Trial } from './api'

export type Parts = {
  readonly worlds: Worlds
  readonly measurements: Measurements
  readonly issuer: Issuer
  readonly names: Names
}

type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** `:id` stands for a UUID. */
  readonly path: string
  readonly answer: (parts: Parts, id: string, body: unknown) => unknown
}

/** Parses the body before anything is done. */
function route<T>(
  method: Route['method'],
  path: string,
  schema: z.ZodType<T>,
  answer: (parts: Parts, id: string, body: T) => unknown,
): Route {
  return {
    method,
    path,
    answer: (parts, id, body) => {
      const { data, error } = schema.safeParse(body)
      if (error === undefined) return answer(parts, id, data)
      const [issue] = error.issues
      throw new LabError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is not valid'}`)
    },
  }
}

const nothing = z.unknown()

export const ROUTES: readonly Route[] = [
  route('POST', '/worlds', newWorld, ({ worlds }, _, order) => worlds.make(order)),
  route('POST', '/worlds/:id/run', run, ({ worlds }, id, order) => worlds.use(id).world.run(order)),
  route('POST', '/worlds/:id/try', trial, ({ worlds }, id, order) =>
    attempt(worlds.use(id), order),
  ),
  route('POST', '/worlds/:id/guess', guess, ({ worlds }, id, { mistake }) => {
    const { world, exercise } = worlds.use(id)
    if (exercise === undefined) throw new LabError('This world is not one of an exercise.')
    return checkGuess(world, exercise, mistake)
  }),
  route('POST', '/worlds/:id/reset', nothing, ({ worlds }, id) => worlds.reset(id)),
  route('POST', '/worlds/:id/verify', verify, ({ worlds }, id, { token }) =>
    worlds.use(id).world.verify(token),
  ),
  route('GET', '/worlds/:id/catalog', nothing, ({ worlds }, id) =>
    readCatalog(worlds.use(id).world),
  ),
  route('DELETE', '/worlds/:id', nothing, async ({ worlds }, id) => {
    await worlds.drop(id)
    return {}
  }),
  route('GET', '/names', nothing, ({ names }) => names),
  route('POST', '/tokens', tokenOrder, ({ issuer }, _, order) => issuer.make(order)),
  route('POST', '/measurements', measurementOrder, ({ measurements }, _, { rows }) =>
    measurements.start(rows),
  ),
  route('GET', '/measurements/:id', nothing, ({ measurements }, id) => measurements.get(id)),
  route('DELETE', '/measurements/:id', nothing, ({ measurements }, id) => measurements.cancel(id)),
]

/** What the gate or the grants refuse never comes before a policy. */
async function attempt({ world }: Entry, order: Trial): Promise<Tried> {
  const outcome = await world.run({ ...order, rollback: true })
  const isHeard = !world.missing.includes('gate') && (outcome.error?.proxyCode ?? null) === null
  const hearings = isHeard ? await hear(world, order) : []
  return { outcome, hearings }
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

/** @returns the route of a request and the id in its path; undefined where there is none */
export function findRoute(method: string, path: string) {
  for (const each of ROUTES) {
    const pattern = new RegExp(`^${each.path.replace(':id', `(${UUID})`)}$`)
    const match = method === each.method ? pattern.exec(path) : null
    if (match !== null) return { route: each, id: match[1] ?? '' }
  }
  return undefined
}
