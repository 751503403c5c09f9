/** A server that does a workload's work, and can be put under load. */
import type { Round } from '../load/load'
import type { Pace } from '../pace'
import type { Placement } from '../placement'
import type { Scene, User } from '../scene/scene'
import { assertSameTodos, type Todo } from '../scene/todos'
import type { Workload } from '../workloads'

export type Target = {
  readonly name: string
  /** One user's answer: a list of rows for each statement. */
  readonly answer: (user: User) => Promise<readonly (readonly Todo[])[]>
  readonly round: (seconds: number) => Promise<Round>
  readonly stop: () => Promise<void>
}

/** What a target is started with. */
export type Setting = {
  readonly scene: Scene
  readonly workload: Workload
  readonly placement: Placement
  readonly pace: Pace
  readonly signal: AbortSignal
}

export const CONNECTIONS = 32

/** @throws Error unless the target answers two users with exactly the rows that the owner reads */
export async function check(target: Target, { scene, workload }: Setting): Promise<void> {
  for (const user of [scene.users[0], scene.users.at(-1)]) {
    if (user === undefined) throw new Error('there is no user')
    const actual = await target.answer(user)
    assertSameTodos(actual, await workload.expected(scene.owner, user), target.name)
  }
}
