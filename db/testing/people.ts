/** The people of the isolation proofs: Alice owns rows that no other user may touch. */
import type { Client } from 'pg'
import { seal, type Actor } from '../../proxy/test/testing/as-user'

export const ALICE = 'user_alice'
export const BOB = 'user_bob'
export const ALICES_TODO = 'a11ce000-0000-4000-8000-000000000001'
const BOBS_TODO = 'b0b00000-0000-4000-8000-000000000001'

/** Everyone who is not Alice. */
export const OTHERS = [
  'Bob',
  'a user without an id',
  'nobody as authenticated',
  'nobody as anonymous',
] as const

/** @param bob his id */
export function othersThanAlice(sessionKey: string, bob = BOB): Actor[] {
  return OTHERS.map((name) => ({
    name,
    role: name === 'nobody as anonymous' ? 'anonymous' : 'authenticated',
    token:
      name === 'Bob'
        ? seal(sessionKey, { sub: bob })
        : name === 'a user without an id'
          ? seal(sessionKey, {})
          : '',
  }))
}

/** Two todos of Alice's and one of Bob's; everything that tells of Alice contains “alice”. */
export async function layOutTodos(owner: Client): Promise<void> {
  await owner.query(`
    delete from todos;
    insert into todos (id, user_id, task, is_complete) values
      ('${ALICES_TODO}', '${ALICE}', 'alice: see the doctor', false),
      ('a11ce000-0000-4000-8000-000000000002', '${ALICE}', 'alice: pay the rent', true),
      ('${BOBS_TODO}', '${BOB}', '42', false);
  `)
}
