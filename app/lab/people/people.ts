/** Who stands side by side: demo users where there are some, else the signed-in user, and always nobody. */
import { DEMO_USERS } from '@/db/demo-users'
import type { TokenOf } from './ask'
import { DemoSession } from './demo-session'

export type Person = {
  readonly name: string
  /** What the token says of them. */
  readonly sub: string
  readonly color: string
  readonly tokenOf: TokenOf
}

const nobody: Person = {
  name: 'Nobody',
  sub: 'no token',
  color: 'bg-neutral-600',
  tokenOf: () => Promise.resolve(undefined),
}

/** @param action where the form of the demo users is sent to */
export function demoPeople(action: string): Person[] {
  const demo = (user: 'alice' | 'bob', color: string): Person => {
    const session = new DemoSession(action, user)
    const { firstName, id } = DEMO_USERS[user]
    return { name: firstName, sub: id, color, tokenOf: () => session.token() }
  }
  return [demo('alice', 'bg-alice'), demo('bob', 'bg-bob'), nobody]
}

export function ownPeople(sub: string, tokenOf: TokenOf): Person[] {
  return [{ name: 'You', sub, color: 'bg-alice', tokenOf }, nobody]
}
