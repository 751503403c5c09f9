/** Random names in Clerk's style: a prefix that says what it is, then what nobody can guess. */
import { randomBytes } from 'node:crypto'

type Prefix = 'client' | 'dvb' | 'sess' | 'sia' | 'sua' | 'user' | 'sit' | 'testing_token'

export function newId(prefix: Prefix): string {
  return `${prefix}_${randomBytes(20).toString('hex')}`
}
