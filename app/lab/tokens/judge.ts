/** Has the lab's issuer make a token, and the proxy of a world check it. */
import type { Made, Outcome, TokenOrder } from '../service/api'
import type { Lab } from '../service/client'
import { trace, type TraceStep } from '../trace/trace'

export type Judged = { readonly made: Made; readonly outcome: Outcome }

export async function judge(
  lab: Pick<Lab, 'makeToken' | 'verify'>,
  world: string,
  order: TokenOrder,
): Promise<Judged> {
  const made = await lab.makeToken(order)
  return { made, outcome: await lab.verify(world, made.token) }
}

export type Checked = Extract<TraceStep, { step: 'checks' }>['checks']

/** In the order in which the proxy made them; the last one may have failed. */
export function checksOf(outcome: Outcome): Checked {
  const steps = trace.safeParse(outcome.trace).data ?? []
  return steps.find((step) => step.step === 'checks')?.checks ?? []
}
