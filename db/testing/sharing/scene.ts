/** A shared list with one person of each kind around it, for the proofs of sharing. */
import type { Client } from 'pg'

export type Person = {
  readonly role: 'authenticated' | 'anonymous' | 'moderator'
  /** Of the token; null for a request without one. */
  readonly claims: Readonly<Record<string, unknown>> | null
}

const user = (sub: string, more: Readonly<Record<string, unknown>> = {}): Person => ({
  role: 'authenticated',
  claims: { sub, ...more },
})
const verified = (email: string) => ({ email, email_verified: true })

/** By what they are to Alice's list. */
export const PEOPLE = {
  owner: user('alice', verified('alice@example.com')),
  editor: user('bob', verified('bob@example.com')),
  viewer: user('carol', verified('carol@example.com')),
  'former member': user('dave', verified('dave@example.com')),
  invited: user('frank', verified('Frank@Example.com')),
  'invited, address not verified': user('fred', {
    email: 'frank@example.com',
    email_verified: false,
  }),
  stranger: user('erin', verified('erin@example.com')),
  moderator: { role: 'moderator', claims: { sub: 'mallory', metadata: { role: 'moderator' } } },
  'moderator by role alone': { role: 'moderator', claims: { sub: 'trudy' } },
  'user without an id': { role: 'authenticated', claims: {} },
  nobody: { role: 'anonymous', claims: null },
} satisfies Readonly<Record<string, Person>>
export type Who = keyof typeof PEOPLE

/** Alice's: Bob edits it, Carol views it, Dave has left it, Frank is invited. */
export const LIST = '11570000-0000-4000-8000-000000000001'
/** Erin's: Alice and Bob view it. */
export const OTHER_LIST = '11570000-0000-4000-8000-000000000002'
export const NO_LIST = '11570000-0000-4000-8000-00000000000f'

export const TODOS = {
  /** In the list, by who added it. */
  alices: '70d00000-0000-4000-8000-00000000000a',
  bobs: '70d00000-0000-4000-8000-00000000000b',
  daves: '70d00000-0000-4000-8000-00000000000d',
  /** Bob's, reported by Carol. */
  reported: '70d00000-0000-4000-8000-000000000001',
  /** Bob's, reported by Alice, then hidden. */
  hidden: '70d00000-0000-4000-8000-000000000002',
  /** Alice's, in her private list. */
  private: '70d00000-0000-4000-8000-000000000003',
  /** Alice's, reported in a shared list, in her private one since. */
  reportedPrivate: '70d00000-0000-4000-8000-000000000004',
  /** Erin's, in her own list. */
  erins: '70d00000-0000-4000-8000-00000000000e',
} as const

export const SECRET = 'the secret of a link for editors'
export const SECRET_HASH = `encode(sha256(convert_to('${SECRET}', 'UTF8')), 'hex')`
export const INVITATION = '1a000000-0000-4000-8000-000000000001'

/** Makes the scene anew; as the tables’ owner, who is exempt from policies. */
export async function layOutScene(owner: Pick<Client, 'query'>): Promise<void> {
  await owner.query(`
    delete from todos;
    delete from lists;
    insert into lists (id, name, created_by) values
      ('${LIST}', 'Alice’s list', 'alice'), ('${OTHER_LIST}', 'Erin’s list', 'erin');
    insert into list_members (list_id, user_id, role) values
      ('${LIST}', 'bob', 'editor'), ('${LIST}', 'carol', 'viewer'), ('${LIST}', 'dave', 'editor'),
      ('${OTHER_LIST}', 'alice', 'viewer'), ('${OTHER_LIST}', 'bob', 'viewer');
    insert into todos (id, user_id, list_id, task, hidden_at) values
      ('${TODOS.alices}', 'alice', '${LIST}', 'by Alice', null),
      ('${TODOS.bobs}', 'bob', '${LIST}', 'by Bob', null),
      ('${TODOS.daves}', 'dave', '${LIST}', 'by Dave', null),
      ('${TODOS.reported}', 'bob', '${LIST}', 'reported', null),
      ('${TODOS.hidden}', 'bob', '${LIST}', 'hidden', now()),
      ('${TODOS.private}', 'alice', null, 'private', null),
      ('${TODOS.reportedPrivate}', 'alice', null, 'private by now', null),
      ('${TODOS.erins}', 'erin', '${OTHER_LIST}', 'by Erin', null);
    insert into reports (todo_id, user_id, reason) values
      ('${TODOS.reported}', 'carol', 'spam'), ('${TODOS.hidden}', 'alice', 'rude'),
      ('${TODOS.reportedPrivate}', 'bob', 'odd');
    insert into list_links (list_id, role, secret_hash, created_by)
      values ('${LIST}', 'editor', ${SECRET_HASH}, 'alice');
    insert into list_invitations (id, list_id, list_name, email, role, created_by)
      values ('${INVITATION}', '${LIST}', 'Alice’s list', 'frank@example.com', 'viewer', 'alice');
    delete from list_members where user_id = 'dave';
  `)
}
