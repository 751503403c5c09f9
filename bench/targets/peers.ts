/** Alternatives to the proxy: what people write themselves, and what they can install. */
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { installPeers } from '../peers/install'
import { startServer } from '../processes/server'
import { readTodos } from '../scene/todos'
import { httpTarget } from './http'
import type { Setting, Target } from './target'

export const USUAL = 'the usual way'

/** Fastify, `pg` and `jose`; see peers/usual.mjs. */
export async function usualTarget(setting: Setting): Promise<Target> {
  const { workload } = setting
  return httpTarget(
    {
      name: USUAL,
      server: await startPeer('usual', setting),
      callOf: (user) => {
        const { route, json } = workload.rest(user)
        const isPost = route.startsWith('POST')
        return {
          method: isPost ? 'POST' : 'GET',
          path: route.split(' ')[1] ?? '/',
          headers: {
            authorization: `Bearer ${user.token}`,
            ...(isPost ? { 'content-type': 'application/json' } : {}),
          },
          body: isPost ? JSON.stringify(json) : '',
        }
      },
      read: (answer) =>
        workload.isBatch ? z.array(z.unknown()).parse(answer).map(readTodos) : [readTodos(answer)],
    },
    setting,
  )
}

const graphqlAnswer = z.object({
  data: z.object({
    todos: z.object({ nodes: z.union([z.array(z.unknown()), z.looseObject({})]) }),
  }),
})

/** @returns null where it has no request for the workload */
export async function postgraphileTarget(setting: Setting): Promise<Target | null> {
  const query = setting.workload.graphql
  if (query === null) return null
  return httpTarget(
    {
      name: 'PostGraphile 5',
      server: await startPeer('postgraphile', setting),
      callOf: ({ token }) => ({
        method: 'POST',
        path: '/graphql',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      }),
      read: (answer) => [readTodos([graphqlAnswer.parse(answer).data.todos.nodes].flat())],
    },
    setting,
  )
}

async function startPeer(name: string, { scene, placement, signal }: Setting) {
  await installPeers(signal)
  return startServer(
    {
      name,
      prefix: placement.target,
      args: [fileURLToPath(new URL(`../peers/${name}.mjs`, import.meta.url))],
      env: {
        PEER_DATABASE_URL: scene.authenticatorUrl,
        PEER_SESSION_KEY: scene.sessionKey,
        PEER_ISSUER: scene.issuer.url,
        PEER_JWKS_URL: scene.issuer.jwksUrl,
      },
    },
    signal,
  )
}
