/**
 * Whom a change concerns, for live queries: the users whose id is in the row, and the members of its list. In a
 * file of its own, because who belongs to a list stands in a table that refers to the lists.
 */
import { sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { functionReads, liveBy, type LiveKey } from '../live-rows'
import { ownedBy } from '../policies'
import { listInvitations } from './list-invitations'
import { listLinks } from './list-links'
import { listMembers } from './list-members'
import { lists } from './lists'
import { reports } from './reports'
import { todos } from './todos'

function inMyLists(column: PgColumn): LiveKey {
  const { listId, userId } = listMembers
  return { column, audience: sql`select ${listId} from ${listMembers} where ${ownedBy(userId)}` }
}

/** Whether the address is verified, the policy asks. */
const myAddress = sql`select lower((auth.session() ->> 'email') collate "C")`

export const todosLive = liveBy(todos.userId, inMyLists(todos.listId))
export const listsLive = liveBy(inMyLists(lists.id), lists.createdBy)
export const listMembersLive = liveBy(listMembers.userId, inMyLists(listMembers.listId))
export const listLinksLive = liveBy(inMyLists(listLinks.listId))
export const listInvitationsLive = liveBy(inMyLists(listInvitations.listId), {
  column: listInvitations.email,
  audience: myAddress,
})
export const reportsLive = liveBy(reports.userId)

/** Their bodies are PL/pgSQL, so Postgres does not know what they read. */
export const listsISee = functionReads('access.lists_i_see()', listMembers)
export const listsIEdit = functionReads('access.lists_i_edit()', listMembers)
export const listsIOwn = functionReads('access.lists_i_own()', listMembers)
export const myEmail = functionReads('access.my_email()')
