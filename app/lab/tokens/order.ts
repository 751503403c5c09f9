/** Turns the fields of the form into an order for the lab's issuer. */
import { z } from 'zod'
import type { TokenOrder } from '../service/api'
import type { Fields } from './presets'

const object = z.record(z.string(), z.unknown())

export type FieldProblems = Partial<Record<'header' | 'claims', string>>

export type Parsed =
  | { readonly order: TokenOrder; readonly problems?: undefined }
  | { readonly problems: FieldProblems }

export function orderOf({ header, claims, clock, tamper }: Fields): Parsed {
  const [head, body] = [objectIn(header), objectIn(claims)]
  if (head === undefined || body === undefined) {
    const problem = 'This is not a JSON object, such as {"sub": "bob"}.'
    return {
      problems: {
        ...(head === undefined ? { header: problem } : {}),
        ...(body === undefined ? { claims: problem } : {}),
      },
    }
  }
  return { order: { header: head, claims: body, clock, ...(tamper === null ? {} : { tamper }) } }
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    return object.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
