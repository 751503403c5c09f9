/** The proxy as it is run in production: all layers and limits on, with its log. */
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Call } from '../load/call'
import { startServer, type Server } from '../processes/server'
import type { Scene, User } from '../scene/scene'
import { readTodos, type Todo } from '../scene/todos'
import { httpTarget } from './http'
import type { Setting, Target } from './target'

export const PROXY = 'the proxy'
/** For what is measured of one process, such as its memory. */
export const ONE_WORKER = { PROXY_WORKERS: '1' } as const
export const PROXY_ARGS = [fileURLToPath(new URL('../../proxy/run.mjs', import.meta.url))] as const

/** @param env on top of the scene's */
export async function proxyTarget(
  setting: Setting,
  name: string = PROXY,
  env: Readonly<Record<string, string>> = {},
): Promise<Target> {
  const { scene, workload, placement, signal } = setting
  const server = await startProxy(scene, placement.target, signal, env)
  const callOf = (user: User) => sqlCall(scene, user, workload.sql(user))
  return httpTarget({ name, server, callOf, read }, setting)
}

/**
 * @param env on top of the scene's
 * @param args for Node
 */
export async function startProxy(
  scene: Scene,
  prefix: readonly string[],
  signal: AbortSignal,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = PROXY_ARGS,
): Promise<Server> {
  const server = await startServer(
    { name: 'The proxy', prefix, args, env: { ...scene.proxyEnv, ...env } },
    signal,
  )
  while (!(await isReady(server.url))) await wait(5)
  return server
}

export async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/readyz`)
  await response.body?.cancel()
  return response.status === 200
}

/** With the headers that Neon's driver sends. */
export function sqlCall(
  { connectionString }: Pick<Scene, 'connectionString'>,
  { token }: Pick<User, 'token'>,
  body: unknown,
): Call {
  return {
    method: 'POST',
    path: '/sql',
    headers: {
      authorization: `Bearer ${token}`,
      'neon-connection-string': connectionString,
      'neon-raw-text-output': 'true',
      'neon-array-mode': 'true',
    },
    body: JSON.stringify(body),
  }
}

const result = z.object({
  fields: z.array(z.object({ name: z.string() })),
  rows: z.array(z.array(z.unknown())),
})
const answer = z.union([z.object({ results: z.array(result) }), result])

/** Rows come as arrays, in the order of their fields. */
function read(body: unknown): readonly (readonly Todo[])[] {
  const parsed = answer.parse(body)
  const results = 'results' in parsed ? parsed.results : [parsed]
  return results.map(({ fields, rows }) =>
    readTodos(
      rows.map((values) => Object.fromEntries(fields.map(({ name }, i) => [name, values[i]]))),
    ),
  )
}
