/**
 * Everything that screens do with lists, members and reports, by name: what it takes, and the query that does it.
 * The same operation runs in a server action (actions.ts) and in the browser (perform-in-browser.ts).
 */
import * as z from 'zod/mini'
import * as lists from '@/db/queries/lists'
import * as members from '@/db/queries/members'
import * as reports from '@/db/queries/reports'
import { failed, succeeded, type Result } from '@/lib/problem'
import type { UserDatabase } from '@/lib/sql/user-database'
import { sqlProblem } from '@/lib/sql/sql-problem'
import { GIVEN_ROLES } from './role'

// Zod would compile its schemas with `new Function`, which the Content-Security-Policy forbids and reports.
z.config({ jitless: true })

type Operation<I, O> = {
  readonly input: z.ZodMiniType<I>
  readonly run: (db: UserDatabase, input: unknown) => Promise<Result<O>>
}

/**
 * @param query answers undefined if it found nothing: what it names is gone, or is not the user's to change (any
 *   more). The database does not say which.
 */
function operation<I, O>(
  input: z.ZodMiniType<I>,
  query: (db: UserDatabase, input: I) => Promise<O | undefined>,
): Operation<I, O> {
  return {
    input,
    run: async (db, given) => {
      const parsed = input.safeParse(given)
      if (!parsed.success) return failed('refused')
      try {
        const value = await query(db, parsed.data)
        return value === undefined ? failed('gone') : succeeded(value)
      } catch (error) {
        return failed(sqlProblem(error))
      }
    },
  }
}

const id = z.uuid()
const userId = z.string().check(z.maxLength(200))
const text = z.string().check(z.maxLength(10_000))
const nothing = z.object({})
const inList = z.object({ listId: id })
const givenRole = z.enum(GIVEN_ROLES)

const declared = {
  lists: operation(nothing, (db) => lists.myLists(db)),
  /** What else stands at the side. */
  notices: operation(nothing, async (db) => {
    const [invitations, mayModerate] = await Promise.all([
      members.myInvitations(db),
      reports.mayModerate(db),
    ])
    return { invitations, mayModerate }
  }),
  homes: operation(z.object({ ids: z.array(id).check(z.maxLength(10_000)) }), (db, { ids }) =>
    lists.homesFor(db, ids),
  ),
  list: operation(inList, (db, { listId }) => lists.findList(db, listId)),
  createList: operation(z.object({ id, name: text }), async (db, list) => {
    await lists.createList(db, list)
    return list.id
  }),
  renameList: operation(z.object({ listId: id, name: text }), (db, { listId, name }) =>
    lists.renameList(db, listId, name),
  ),
  deleteList: operation(inList, (db, { listId }) => lists.deleteList(db, listId)),
  leaveList: operation(inList, (db, { listId }) => lists.leaveList(db, listId)),

  members: operation(inList, (db, { listId }) => members.membersOf(db, listId)),
  setRole: operation(z.object({ listId: id, userId, role: givenRole }), members.setRole),
  removeMember: operation(z.object({ listId: id, userId }), members.removeMember),
  transferOwnership: operation(z.object({ listId: id, userId }), async (db, to) => {
    const changed = await members.transferOwnership(db, to)
    return changed.length > 0 ? changed : undefined
  }),

  links: operation(inList, (db, { listId }) => members.linksOf(db, listId)),
  createLink: operation(
    z.object({ id, listId: id, role: givenRole, secretHash: text }),
    members.createLink,
  ),
  revokeLink: operation(z.object({ id }), (db, link) => members.revokeLink(db, link.id)),

  invitations: operation(inList, (db, { listId }) => members.invitationsTo(db, listId)),
  invite: operation(z.object({ id, listId: id, email: text, role: givenRole }), members.invite),
  deleteInvitation: operation(z.object({ id }), (db, one) => members.deleteInvitation(db, one.id)),

  previewLink: operation(z.object({ secret: text }), members.previewList),
  joinByLink: operation(z.object({ secret: text }), members.joinList),
  joinByInvitation: operation(z.object({ invitationId: id }), members.joinList),

  reportTodo: operation(z.object({ id, todoId: id, reason: text }), async (db, report) => {
    await reports.reportTodo(db, report)
    return report.id
  }),
}

export type Name = keyof typeof declared
export type Input<N extends Name> =
  (typeof declared)[N] extends Operation<infer I, unknown> ? I : never
export type Output<N extends Name> =
  (typeof declared)[N] extends Operation<unknown, infer O> ? O : never

/** Performs an operation, and never throws. */
export type Perform = <N extends Name>(name: N, input: Input<N>) => Promise<Result<Output<N>>>

const operations: { readonly [N in Name]: Operation<Input<N>, Output<N>> } = declared

export const isName = (name: unknown): name is Name =>
  typeof name === 'string' && Object.hasOwn(operations, name)

/** @param input is validated here */
export function perform<N extends Name>(
  db: UserDatabase,
  name: N,
  input: Input<N>,
): Promise<Result<Output<N>>> {
  return operations[name].run(db, input)
}
