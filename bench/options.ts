/** What the command line asks for; anything it does not know is refused with one sentence. */
import { parseArgs } from 'node:util'
import { UserError } from '../dev/user-error'

export type Options = {
  /** The measurements to make, in the order of the list of all. */
  readonly names: readonly string[]
  readonly isAll: boolean
  readonly isQuick: boolean
  /** How long the memory is watched; undefined leaves it to the pace. */
  readonly minutes: number | undefined
  /** The kinds of flood to measure; none stands for all. */
  readonly floods: readonly string[]
}

/** @throws UserError */
export function readOptions(args: readonly string[], known: readonly string[]): Options {
  const { positionals, values } = parse(args)
  const unknown = positionals.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new UserError(
      `There is no measurement “${unknown}”. The measurements are: ${known.join(', ')}.`,
    )
  }
  const isAll = positionals.length === 0
  return {
    names: isAll ? known : known.filter((name) => positionals.includes(name)),
    isAll,
    isQuick: values.quick,
    minutes: values.minutes === undefined ? undefined : minutesOf(values.minutes),
    floods: (values.floods ?? '').split(',').filter((name) => name !== ''),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        minutes: { type: 'string' },
        floods: { type: 'string' },
      },
    })
  } catch (error) {
    const [reason = ''] = error instanceof Error ? error.message.split('. ') : []
    throw new UserError(
      `${reason}: the options are --quick, --minutes <number> and --floods <kinds>.`,
    )
  }
}

function minutesOf(text: string): number {
  const minutes = Number(text)
  if (Number.isFinite(minutes) && minutes > 0) return minutes
  throw new UserError(`--minutes is “${text}”, which is not a number of minutes, such as 10.`)
}
