/** A world of the lab with Bob in it, who attacks: each attempt ends with a verdict, and the rows as they were. */
import type { Outcome, Run } from '../service/api'
import type { Lab } from '../service/client'
import { verdictOn, type Verdict } from './verdict'

export const ATTACKER = 'bob'
export const OTHERS = ['alice', 'carol'] as const

export type Attempt = { readonly outcome: Outcome; readonly verdict: Verdict }

export type Scene = {
  readonly world: string
  readonly attempt: (sql: Run['sql']) => Promise<Attempt>
}

/** What no other user may see or change: of the lists that Alice shares with Bob, he may do both. */
const PRIVATE = 'select * from todos where user_id = $1 and list_id is null order by id'
const SECRETS = 'select task, notes from todos where user_id = $1 and list_id is null'
const OWN = 'select * from todos where user_id = $1 or list_id is not null order by id'

type World = Pick<Lab, 'run'> & { readonly reset: (world: string) => Promise<unknown> }

export async function openScene(lab: World, world: string): Promise<Scene> {
  const rows = async (user: string, sql: string) => {
    const { results } = await lab.run(world, { as: { sub: user }, sql, params: [user] })
    return results.flatMap(({ rows }) => rows)
  }
  const ofOthers = (sql: string) => Promise.all(OTHERS.map((user) => rows(user, sql)))
  const look = async () => {
    const [theirs, own] = await Promise.all([ofOthers(PRIVATE), rows(ATTACKER, OWN)])
    return { theirs: JSON.stringify(theirs), own: JSON.stringify(own) }
  }
  const texts = (await ofOthers(SECRETS)).flat(2)
  const secrets = texts.filter((text) => text !== null).filter((text) => text !== '')
  const before = await look()

  return {
    world,
    attempt: async (sql) => {
      const outcome = await lab.run(world, { as: { sub: ATTACKER }, sql })
      // What the gate refuses does not get as far as the rows.
      const isRefused = outcome.error?.proxyCode?.startsWith('statement_') === true
      const now = isRefused ? before : await look()
      const isHarmed = now.theirs !== before.theirs
      if (isHarmed || now.own !== before.own) await lab.reset(world)
      return { outcome, verdict: verdictOn(outcome, { secrets, isHarmed }) }
    },
  }
}
