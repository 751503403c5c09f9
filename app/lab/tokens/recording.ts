/** Records what becomes of each ready token of the room, and all that is seen of one of them. */
import { z } from 'zod'
import { made, outcome } from '../service/api'
import type { Lab } from '../service/client'
import { checksOf, judge } from './judge'
import { orderOf } from './order'
import { PRESETS } from './presets'

const ending = z.object({
  label: z.string(),
  /** The one that refused it; both are null for a token that is accepted. */
  check: z.string().nullable(),
  code: z.string().nullable(),
})

export const recording = z.object({
  endings: z.array(ending),
  run: made.omit({ token: true }).extend({ label: z.string(), outcome }),
})
export type Recording = z.infer<typeof recording>

const SHOWN = 'HMAC with the public key'

/** Without the text of the token. */
export async function record(
  lab: Pick<Lab, 'makeToken' | 'verify'>,
  world: string,
): Promise<Recording> {
  const judged = []
  for (const { label, fields } of PRESETS) {
    const { order, problems } = { order: undefined, ...orderOf(fields) }
    if (order === undefined) throw new Error(`“${label}” is no token: ${JSON.stringify(problems)}`)
    judged.push({ label, ...(await judge(lab, world, order)) })
  }
  const shown = judged.find(({ label }) => label === SHOWN)
  if (shown === undefined) throw new Error(`There is no token “${SHOWN}”.`)
  const { header, claims } = shown.made
  return {
    endings: judged.map(({ label, outcome }) => ({
      label,
      check: checksOf(outcome).find(({ passed }) => !passed)?.check ?? null,
      code: outcome.error?.proxyCode ?? null,
    })),
    run: { label: SHOWN, header, claims, outcome: shown.outcome },
  }
}
