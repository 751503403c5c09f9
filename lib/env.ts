/** The browser's variables, parsed once. Each is named in full, because Next inlines only that. */
import { z } from 'zod'
import { readVariable } from './read-variable'

/** A connection string with a role. It ends up in the browser, so it must not contain a password. */
export const roleUrl = {
  schema: z
    .url({ protocol: /^postgres(ql)?$/ })
    .refine((url) => new URL(url).username !== '' && new URL(url).password === ''),
  expected: 'the connection string of a role, without a password',
  example: 'postgresql://authenticated@localhost/todos',
}

const sqlUrl = {
  schema: z.url({ protocol: /^https?$/ }).optional(),
  expected: 'the address of the SQL proxy, or nothing for Neon’s own',
  example: 'http://localhost:4444/sql',
}

export const env = {
  databaseUrl: readVariable(
    'NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL',
    process.env.NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL,
    roleUrl,
  ),
  sqlUrl: readVariable('NEXT_PUBLIC_SQL_URL', process.env.NEXT_PUBLIC_SQL_URL, sqlUrl),
}
