/** Parsers for single variables. Messages name the mistake and never repeat the value. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { readStatements } from '../gate/allowlist/file'
import { createClientAddress } from '../http/client-address'
import { parseSessionKey } from '../auth/session-key'
import { parseProviders } from '../auth/tokens/parse-providers'
import { requireRevocations } from '../auth/tokens/revocations'
import { lookAt } from '../ops/watch-file'

const required = z.string('is missing')

/** Makes a zod transform of a parser that throws sentences. */
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

/** Requests per second; 0 for no limit. */
export const rate = z.coerce
  .number('is not a number')
  .min(0, 'is less than 0')
  .max(1_000_000, 'is more than 1000000')

export const trustedProxies = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((part) => part.trim()))
  .transform((parts, context) => {
    const blocks = parts.filter((part) => part !== '')
    try {
      return createClientAddress(blocks)
    } catch (error) {
      context.addIssue(`is wrong: ${error instanceof Error ? error.message : 'unreadable'}`)
      return z.NEVER
    }
  })

export const memorySize = (otherwise: number) =>
  z.coerce
    .number('is not a number of bytes')
    .int('is not a whole number of bytes')
    .min(1024, 'is less than 1024 bytes')
    .max(512 * 1024 * 1024, 'is more than 536870912 bytes')
    .default(otherwise)

/** Comma-separated; empty if unset. */
export const list = <T>(item: z.ZodType<T, string>) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').map((part) => part.trim()))
    .transform((parts) => parts.filter((part) => part !== ''))
    .pipe(z.array(item))

/** The list itself, or the path of a file with it. */
export const providers = reading((text) => {
  if (text.startsWith('[')) return { providers: parseProviders(text), providersFile: null }
  const providersFile = lookAt(text)
  return {
    providers: parseProviders(
      read(text, 'it is neither a JSON list nor the path of a readable file'),
    ),
    providersFile,
  }
})

export const revoked = reading((path) => {
  const revokedFile = lookAt(path)
  return { revokedFile, revoked: requireRevocations(read(path)) }
})
  .optional()
  .transform((given) => given ?? { revokedFile: null, revoked: new Set<string>() })

/** The path of a file like PROXY_ALLOWLIST's; undefined if unset. */
export const statements = reading(readStatements)
  .optional()
  .transform((texts) => texts ?? null)

function read(path: string, problem = 'it is not the path of a readable file'): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new Error(problem)
  }
}
