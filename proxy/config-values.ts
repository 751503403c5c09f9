/** How single variables are read; a message says what was wrong and never repeats the value. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { parseSessionKey } from './session-key'
import { ALGORITHMS } from './tokens/algorithms'

const required = z.string('is missing')

/** Runs a parser that throws sentences, as a zod transform. */
function reading<T>(read: (text: string) => T) {
  return required.transform((text, context) => {
    try {
      return read(text)
    } catch (error) {
      context.addIssue(`is wrong: ${error instanceof Error ? error.message : 'unreadable'}`)
      return z.NEVER
    }
  })
}

export const sessionKey = reading(parseSessionKey)

export const databaseUrl = reading((text) => {
  if (!URL.canParse(text)) throw new Error('it is not a URL')
  const url = new URL(text)
  if (!/^postgres(ql)?:$/.test(url.protocol))
    throw new Error('it does not start with postgresql://')
  const database = decodeURIComponent(url.pathname.slice(1))
  if (database === '') throw new Error('it names no database after the host')
  return { url: text, database }
})

export const onOff = z
  .enum(['on', 'off'], { error: 'is neither "on" nor "off"' })
  .default('off')
  .transform((value) => value === 'on')

export const memorySize = (otherwise: number) =>
  z.coerce
    .number('is not a number of bytes')
    .int('is not a whole number of bytes')
    .min(1024, 'is less than 1024 bytes')
    .max(512 * 1024 * 1024, 'is more than 536870912 bytes')
    .default(otherwise)

/** Comma-separated; unset is empty. */
export const list = <T>(item: z.ZodType<T, string>) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').map((part) => part.trim()))
    .transform((parts) => parts.filter((part) => part !== ''))
    .pipe(z.array(item))

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Keys fetched over plain HTTP could be replaced on the way, unless they never leave the machine. */
const keyUrl = z.string().refine(
  (text) => {
    if (!URL.canParse(text)) return false
    const { protocol, hostname } = new URL(text)
    return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))
  },
  { error: 'must be an https:// URL (http:// only on this machine)' },
)
const oneOrMore = z
  .union([z.string().min(1), z.array(z.string().min(1))])
  .transform((value) => [value].flat())

const provider = z
  .strictObject({
    name: z.string().min(1),
    issuer: z.string().min(1),
    jwksUrl: keyUrl.optional(),
    audience: oneOrMore.default([]),
    authorizedParties: z.array(z.string().min(1)).default([]),
    algorithms: z.array(z.enum(ALGORITHMS)).nonempty().default(ALGORITHMS),
  })
  .transform((value) => ({
    ...value,
    jwksUrl: value.jwksUrl ?? `${value.issuer.replace(/\/$/, '')}/.well-known/jwks.json`,
  }))
  .refine((value) => keyUrl.safeParse(value.jwksUrl).success, {
    path: ['jwksUrl'],
    error: 'is not given and cannot be derived from an issuer that is not an https:// URL',
  })

export const providers = reading((text) => {
  const parsed = z
    .array(provider)
    .nonempty()
    .safeParse(parseJson(readInlineOrFile(text)))
  if (!parsed.success) throw new Error(describe(parsed.error))
  const issuers = new Set(parsed.data.map(({ issuer }) => issuer))
  if (issuers.size < parsed.data.length) throw new Error('two providers have the same issuer')
  return parsed.data
})

function readInlineOrFile(text: string): string {
  if (text.startsWith('[')) return text
  try {
    return readFileSync(text, 'utf8')
  } catch {
    throw new Error('it is neither a JSON list nor the path of a readable file')
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is not valid JSON')
  }
}

function describe(error: z.ZodError): string {
  const [issue] = error.issues
  if (issue === undefined) return 'it has the wrong shape'
  if (issue.code === 'unrecognized_keys') {
    return `a provider has the unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')}`
  }
  const [index, ...field] = issue.path
  if (index === undefined) return 'it is not a list of at least one provider'
  const where = `provider ${Number(index) + 1}`
  if (field.length === 0) return `${where}: ${issue.message}`
  return `${where}: "${field.join('.')}" ${issue.code === 'custom' ? issue.message : 'is missing or has the wrong type'}`
}
