/**
 * Everything that screens do with lists, members and reports, by name: the query that does it. The same operation
 * runs in a server action (actions.ts, which checks what it is given by inputs.ts) and in the browser.
 */
import * as lists from '@/db/queries/lists'
import * as members from '@/db/queries/members'
import * as reports from '@/db/queries/reports'
import type { InvitedRole } from '@/db/schema/list-members'
import { failed, succeeded, type Result } from '@/lib/problem'
import { sqlProblem } from '@/lib/sql/sql-problem'
import type { UserDatabase } from '@/lib/sql/user-database'

type Nothing = Record<string, never>
type InList = { listId: string }
type Member = { listId: string; userId: string }

/** It takes an empty one. */
const withoutInput =
  <T>(query: (db: UserDatabase) => T): ((db: UserDatabase, input: Nothing) => T) =>
  (db) =>
    query(db)

/** Each answers undefined if it found nothing: what it names is gone, or is not the user's to change (any more). */
const declared = {
  lists: withoutInput((db) => lists.myLists(db)),
  /** What else stands at the side. */
  notices: withoutInput(async (db) => {
    const [invitations, mayModerate] = await Promise.all([
      members.myInvitations(db),
      reports.mayModerate(db),
    ])
    return { invitations, mayModerate }
  }),
  homes: (db: UserDatabase, { ids }: { ids: string[] }) => lists.homesFor(db, ids),
  list: (db: UserDatabase, { listId }: InList) => lists.findList(db, listId),
  createList: async (db: UserDatabase, list: { id: string; name: string }) => {
    await lists.createList(db, list)
    return list.id
  },
  renameList: (db: UserDatabase, { listId, name }: InList & { name: string }) =>
    lists.renameList(db, listId, name),
  deleteList: (db: UserDatabase, { listId }: InList) => lists.deleteList(db, listId),
  leaveList: (db: UserDatabase, { listId }: InList) => lists.leaveList(db, listId),

  members: (db: UserDatabase, { listId }: InList) => members.membersOf(db, listId),
  setRole: (db: UserDatabase, to: Member & { role: InvitedRole }) => members.setRole(db, to),
  removeMember: (db: UserDatabase, member: Member) => members.removeMember(db, member),
  transferOwnership: async (db: UserDatabase, to: Member) => {
    const changed = await members.transferOwnership(db, to)
    return changed.length > 0 ? changed : undefined
  },

  links: (db: UserDatabase, { listId }: InList) => members.linksOf(db, listId),
  createLink: (
    db: UserDatabase,
    link: InList & { id: string; role: InvitedRole; secretHash: string },
  ) => members.createLink(db, link),
  revokeLink: (db: UserDatabase, { id }: { id: string }) => members.revokeLink(db, id),

  invitations: (db: UserDatabase, { listId }: InList) => members.invitationsTo(db, listId),
  invite: (db: UserDatabase, to: InList & { id: string; email: string; role: InvitedRole }) =>
    members.invite(db, to),
  deleteInvitation: (db: UserDatabase, { id }: { id: string }) => members.deleteInvitation(db, id),

  previewLink: (db: UserDatabase, by: { secret: string }) => members.previewList(db, by),
  joinByLink: (db: UserDatabase, by: { secret: string }) => members.joinList(db, by),
  joinByInvitation: (db: UserDatabase, by: { invitationId: string }) => members.joinList(db, by),

  reportTodo: async (db: UserDatabase, report: { id: string; todoId: string; reason: string }) => {
    await reports.reportTodo(db, report)
    return report.id
  },
}

export type Name = keyof typeof declared
export type Input<N extends Name> = Parameters<(typeof declared)[N]>[1]
export type Output<N extends Name> = Exclude<Awaited<ReturnType<(typeof declared)[N]>>, undefined>

const operations: {
  readonly [N in Name]: (db: UserDatabase, input: Input<N>) => Promise<Output<N> | undefined>
} = declared

/** Performs an operation, and never throws. */
export type Perform = <N extends Name>(name: N, input: Input<N>) => Promise<Result<Output<N>>>

export async function perform<N extends Name>(
  db: UserDatabase,
  name: N,
  input: Input<N>,
): Promise<Result<Output<N>>> {
  try {
    const value = await operations[name](db, input)
    return value === undefined ? failed('gone') : succeeded(value)
  } catch (error) {
    return failed(sqlProblem(error))
  }
}
