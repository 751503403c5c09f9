/** A target that is reached over HTTP. */
import type { Call } from '../load/call'
import { load } from '../load/load'
import { sendWell } from '../load/send'
import type { Server } from '../processes/server'
import type { User } from '../scene/scene'
import type { Todo } from '../scene/todos'
import { CONNECTIONS, type Setting, type Target } from './target'

export type HttpTarget = {
  readonly name: string
  readonly server: Server
  readonly callOf: (user: User) => Call
  /** The rows in an answer, one list for each statement. */
  readonly read: (answer: unknown) => readonly (readonly Todo[])[]
}

export function httpTarget(
  { name, server, callOf, read }: HttpTarget,
  { scene, placement, signal }: Setting,
): Target {
  const { url } = server
  const calls = scene.users.map(callOf)
  return {
    name,
    answer: async (user) => read(JSON.parse(await sendWell(url, callOf(user)))),
    round: (seconds) =>
      load({ url, calls, connections: CONNECTIONS, seconds, prefix: placement.load, signal }),
    stop: server.stop,
  }
}
