/** The goals for the cost of policies, and the measured cost. */
import { digits, whole } from '../report/format'
import type { Chart, Goal } from '../report/section'
import { MOST_PER_ROW, type Size } from './rls-size'

const MOST_OF_OWNER = 1.2
const MOST_GROWTH = 1.2

export function goals(sizes: readonly Size[]): Goal[] {
  const million = sizes.find(({ rows }) => rows === MOST_PER_ROW)
  const [least, most] = [sizes[0], sizes.at(-1)]
  const growthOf = (who: 'user' | 'owner') =>
    (most?.flight[who] ?? Number.NaN) / (least?.flight[who] ?? Number.NaN)
  const growth = growthOf('user')
  const ofOwner = (what: string, found: number): Goal => ({
    what: `Policies on a million todos: by an explicit WHERE, ${what}`,
    wanted: `≤ ${MOST_OF_OWNER}`,
    found: digits(found),
    isReached: found <= MOST_OF_OWNER,
  })
  return [
    ...(million === undefined
      ? []
      : [
          ofOwner('the policy alone', million.flight.ratio.trusting.median),
          ofOwner('with the seal that proves who asks', million.flight.ratio.user.median),
        ]),
    {
      what: `Policies from ${whole(least?.rows ?? 0)} to ${whole(most?.rows ?? 0)} todos: growth`,
      wanted: `flat, ≤ ${MOST_GROWTH}`,
      found: `${digits(growth)} (explicit WHERE: ${digits(growthOf('owner'))})`,
      isReached: growth <= MOST_GROWTH,
    },
  ]
}

export function perRowChart(sizes: readonly Size[]): Chart {
  const measured = sizes.filter(({ perRow }) => perRow !== null)
  const at = measured.at(-1)
  return {
    title: `A user’s list among ${whole(at?.rows ?? 0)} todos`,
    unit: 'milliseconds, less is better',
    bars: [
      { label: 'explicit WHERE, by the owner', value: at?.flight.owner ?? 0 },
      { label: 'the policy, evaluated once', value: at?.flight.user ?? 0, isOurs: true },
      { label: 'the policy, evaluated per row', value: at?.perRow ?? 0 },
    ],
  }
}
