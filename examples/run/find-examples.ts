/** Finds the examples: each folder with an `example.ts`, but for this one, which has their type. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UserError } from '../../dev/user-error'
import type { Example, Variables } from './example'

export const EXAMPLES = 'examples'

export type Found = { readonly name: string; readonly folder: string; readonly example: Example }

export function exampleNames(): string[] {
  return readdirSync(EXAMPLES)
    .filter((name) => name !== 'run' && existsSync(join(EXAMPLES, name, 'example.ts')))
    .sort()
}

/** @throws UserError when there is none of that name */
export async function findExample(name: string): Promise<Found> {
  if (name === 'clerk') {
    throw new UserError('The example with Clerk is the app of this repository itself: npm run up')
  }
  const names = exampleNames()
  if (!names.includes(name)) {
    throw new UserError(`There is no example “${name}”. The examples are: ${names.join(', ')}.`)
  }
  const folder = join(EXAMPLES, name)
  const file = pathToFileURL(join(process.cwd(), folder, 'example.ts')).href
  const { default: example } = (await import(file)) as { default: Example }
  return { name, folder, example }
}

/** Which of the provider's variables this process has; `missing` is empty when it can run against the real one. */
export function realVariables({ variables }: Example) {
  const names = Object.keys(variables)
  const set: Variables = Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name]
      return value ? [[name, value] as const] : []
    }),
  )
  return { set, missing: names.filter((name) => !(name in set)) }
}

/**
 * All variables of the real provider; undefined for none.
 * @throws UserError when some are given, and not all
 */
export function realOrNone(example: Example): Variables | undefined {
  const { set, missing } = realVariables(example)
  if (missing.length === 0) return set
  const given = Object.keys(set)
  if (given.length === 0) return undefined
  throw new UserError(
    `${given.join(', ')} set, but not ${missing.join(', ')}: set all of them for the real ${example.title}, or none for the stand-in.`,
  )
}
