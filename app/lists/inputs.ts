/** What the server takes for each operation on lists: everything that comes to it is untrusted. */
import { z } from 'zod'
import { failed, type Result } from '@/lib/problem'
import type { UserDatabase } from '@/lib/sql/user-database'
import { perform, type Input, type Name, type Output } from './operations'
import { GIVEN_ROLES } from './role'

const id = z.uuid()
const userId = z.string().max(200)
const text = z.string().max(10_000)
const nothing = z.strictObject({})
const inList = z.object({ listId: id })
const member = z.object({ listId: id, userId })
const byId = z.object({ id })
const role = z.enum(GIVEN_ROLES)
const bySecret = z.object({ secret: text })

const inputs: { readonly [N in Name]: z.ZodType<Input<N>> } = {
  lists: nothing,
  notices: nothing,
  homes: z.object({ ids: z.array(id).max(10_000) }),
  list: inList,
  createList: z.object({ id, name: text }),
  renameList: z.object({ listId: id, name: text }),
  deleteList: inList,
  leaveList: inList,
  members: inList,
  setRole: z.object({ ...member.shape, role }),
  removeMember: member,
  transferOwnership: member,
  links: inList,
  createLink: z.object({ id, listId: id, role, secretHash: text }),
  revokeLink: byId,
  invitations: inList,
  invite: z.object({ id, listId: id, email: text, role }),
  deleteInvitation: byId,
  previewLink: bySecret,
  joinByLink: bySecret,
  joinByInvitation: z.object({ invitationId: id }),
  reportTodo: z.object({ id, todoId: id, reason: text }),
}

const isName = (name: unknown): name is Name =>
  typeof name === 'string' && Object.hasOwn(inputs, name)

/** Performs an operation, if there is one of this name that takes this input. */
export async function performInput<N extends Name>(
  db: UserDatabase,
  name: N,
  input: unknown,
): Promise<Result<Output<N>>> {
  if (!isName(name)) return failed('refused')
  const parsed = inputs[name].safeParse(input)
  return parsed.success ? perform(db, name, parsed.data) : failed('refused')
}
