/** The people of the isolation proofs: Alice owns todos that nobody else may touch. */
import type { Client } from 'pg'
import { seal, type Actor } from './as-user'

export const ALICE = 'user_alice'
export const BOB = 'user_bob'
export const ALICES_TODO = 'a11ce000-0000-4000-8000-000000000001'
export const BOBS_TODO = 'b0b00000-0000-4000-8000-000000000001'

/** Everyone who is not Alice. */
export function othersThanAlice(sessionKey: string): Actor[] {
  return [
    { name: 'Bob', role: 'authenticated', token: seal(sessionKey, { sub: BOB }) },
    { name: 'a user without an id', role: 'authenticated', token: seal(sessionKey, {}) },
    { name: 'nobody as authenticated', role: 'authenticated', token: '' },
    { name: 'nobody as anonymous', role: 'anonymous', token: '' },
  ]
}

/** Two todos of Alice's and one of Bob's; everything that tells of Alice contains “alice”. */
export async function layOutTodos(owner: Client): Promise<void> {
  await owner.query(`
    delete from todos;
    insert into todos (id, user_id, task, is_complete) values
      ('${ALICES_TODO}', '${ALICE}', 'alice: see the doctor', false),
      ('a11ce000-0000-4000-8000-000000000002', '${ALICE}', 'alice: pay the rent', true),
      -- A number, so that an error about reading a task as one can only be about Alice's.
      ('${BOBS_TODO}', '${BOB}', '42', false);
    -- Statistics hold values as well.
    analyze todos;
  `)
}
