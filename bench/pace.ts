/** How long and how often each measurement runs: for figures to keep, or for a quick look. */

export type Pace = {
  /** Rounds, in each of which every target has a turn, and the seconds of load of a turn. */
  readonly rounds: number
  readonly seconds: number
  readonly warmUpSeconds: number
  /** Starts of a process or a connection; their median is reported. */
  readonly starts: number
  /** Repetitions of operations that take about a millisecond. */
  readonly repetitions: number
  readonly soakMinutes: number
  /** Todos in the table whose growth should not matter; 100 for each user. */
  readonly tableSizes: readonly number[]
}

const FULL: Pace = {
  rounds: 5,
  seconds: 4,
  warmUpSeconds: 2,
  starts: 7,
  repetitions: 3_000,
  soakMinutes: 10,
  tableSizes: [10_000, 1_000_000, 10_000_000],
}

const QUICK: Pace = {
  rounds: 3,
  seconds: 2,
  warmUpSeconds: 1,
  starts: 7,
  repetitions: 500,
  soakMinutes: 0.5,
  tableSizes: [10_000, 1_000_000],
}

export function choosePace(isQuick: boolean, minutes: number | undefined): Pace {
  const pace = isQuick ? QUICK : FULL
  return minutes === undefined ? pace : { ...pace, soakMinutes: minutes }
}
