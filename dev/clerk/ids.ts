/** Random ids in Clerk's style: a prefix for the kind, then an unguessable part. */
import { randomBytes } from 'node:crypto'

type Prefix = 'client' | 'dvb' | 'sess' | 'sia' | 'sua' | 'user' | 'sit' | 'msg' | 'testing_token'

export function newId(prefix: Prefix): string {
  return `${prefix}_${randomBytes(20).toString('hex')}`
}
