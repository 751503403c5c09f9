/** Reads the fields of a form or of a JSON object, as a schema wants them. */
import type { z } from 'zod'
import { Refusal } from './refusal'

/** @throws Refusal (invalid_request) that names the first field that is missing or wrong */
export async function parseFields<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  return checkFields(await readBody(request), schema)
}

/** Of the query of an address. */
export function parseQuery<T>(request: Request, schema: z.ZodType<T>): T {
  return checkFields(Object.fromEntries(new URL(request.url).searchParams), schema)
}

function checkFields<T>(fields: unknown, schema: z.ZodType<T>): T {
  const { success, data, error } = schema.safeParse(fields)
  if (success) return data
  const field = error.issues[0]?.path.join('.')
  throw new Refusal('invalid_request', `The field “${field ?? ''}” is missing or wrong.`)
}

async function readBody(request: Request): Promise<unknown> {
  const text = await request.text()
  if (!request.headers.get('content-type')?.includes('json')) {
    return Object.fromEntries(new URLSearchParams(text))
  }
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    throw new Refusal('invalid_request', 'The request is not valid JSON.')
  }
}
