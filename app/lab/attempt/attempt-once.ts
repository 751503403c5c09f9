/** One attempt in a world of its own, which is gone afterwards. */
import type { NewWorld, Run } from '../service/api'
import type { Lab } from '../service/client'
import { openScene, type Attempt } from './scene'

export async function attemptOnce(
  lab: Pick<Lab, 'makeWorld' | 'run' | 'drop'>,
  order: NewWorld,
  sql: Run['sql'],
): Promise<Attempt> {
  const { world } = await lab.makeWorld(order)
  try {
    return await (await openScene({ run: lab.run, reset: notNeeded }, world)).attempt(sql)
  } finally {
    await lab.drop(world)
  }
}

/** No other attempt comes after it. */
const notNeeded = () => Promise.resolve()
