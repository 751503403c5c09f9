/** The server's own variables, parsed once. */
import 'server-only'
import { z } from 'zod'
import { roleUrl } from './env'
import { readVariable } from './read-variable'

/** The login of the one role that may delete what a deleted user has left; it may do nothing else. */
const eraserUrl = {
  schema: z
    .url({ protocol: /^postgres(ql)?$/ })
    // Poolers in front of a database add the project's name to the user's.
    .refine((url) => /^eraser(\.|$)/.test(new URL(url).username))
    .optional(),
  expected: 'the connection string of the role eraser, or nothing',
  example: 'postgresql://eraser:password@localhost/todos',
}

export const serverEnv = {
  databaseUrl: readVariable(
    'DATABASE_AUTHENTICATED_URL',
    process.env.DATABASE_AUTHENTICATED_URL,
    roleUrl,
  ),
  eraserUrl: readVariable('ERASER_DATABASE_URL', process.env.ERASER_DATABASE_URL, eraserUrl),
}
