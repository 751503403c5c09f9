/**
 * Reports whether the proxy's configuration and its database are safe. `npm run proxy:check` runs this and
 * the application's own check (db/check.ts).
 *
 *   npm run proxy:check                                       exit status 1 when something is unsafe
 *   npm run proxy:check -- --accept public-functions          … but not because of this check
 *   npm run proxy:check -- --accept policy-open:public.posts  … nor because of this check of this table
 *   npm run proxy:check -- --probe-memory                     also tries to take 900 MB of the server's memory
 *
 * Exit status 2: the configuration cannot be read, so nothing was checked.
 */
import { checkCommand } from './command'

await checkCommand()
