/** Every query about who belongs to a list, and the invitations that lead into one. */
import { and, asc, desc, eq, or, sql } from 'drizzle-orm'
import { pgTable, text, uuid, type PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { ownedBy } from '../policies'
import { listInvitations, listLinks, listMembers, lists } from '../schema'
import { LIST_ROLES, type InvitedRole, type ListRole } from '../schema/list-members'
import { first, type QueryDatabase } from './database'

export type Member = Awaited<ReturnType<typeof membersOf>>[number]

export function membersOf<D extends PgQueryResultHKT>(db: QueryDatabase<D>, listId: string) {
  return db
    .select()
    .from(listMembers)
    .where(eq(listMembers.listId, listId))
    .orderBy(asc(listMembers.joinedAt), asc(listMembers.userId))
}

/** @returns the member, or undefined where the user may not decide about them; the same for the next one */
export function setRole<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  { listId, userId, role }: { listId: string; userId: string; role: ListRole },
) {
  return first(db.update(listMembers).set({ role }).where(isMember(listId, userId)).returning())
}

export function removeMember<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  { listId, userId }: { listId: string; userId: string },
) {
  return first(db.delete(listMembers).where(isMember(listId, userId)).returning())
}

/**
 * Makes another member the owner and the user an editor, in one statement. For someone who is no member it
 * fails (LAST_OWNER), and nothing changes.
 */
export function transferOwnership<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  { listId, userId }: { listId: string; userId: string },
) {
  const role = sql`case when ${listMembers.userId} = ${userId} then 'owner' else 'editor' end`
  return db
    .update(listMembers)
    .set({ role })
    .where(
      and(
        eq(listMembers.listId, listId),
        or(eq(listMembers.userId, userId), ownedBy(listMembers.userId)),
      ),
    )
    .returning()
}

/** Without the hash: what a link opens is of no use here. */
const link = {
  id: listLinks.id,
  listId: listLinks.listId,
  role: listLinks.role,
  createdAt: listLinks.createdAt,
}

export type Link = Awaited<ReturnType<typeof linksOf>>[number]

export function linksOf<D extends PgQueryResultHKT>(db: QueryDatabase<D>, listId: string) {
  return db
    .select(link)
    .from(listLinks)
    .where(eq(listLinks.listId, listId))
    .orderBy(desc(listLinks.createdAt), asc(listLinks.id))
}

/** @param secretHash of a secret that is made and kept where the link is shown (link-secret.ts) */
export function createLink<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  values: { id: string; listId: string; role: InvitedRole; secretHash: string },
) {
  return first(db.insert(listLinks).values(values).onConflictDoNothing().returning(link))
}

/** From then on nobody joins by it; those who have joined stay. */
export function revokeLink<D extends PgQueryResultHKT>(db: QueryDatabase<D>, id: string) {
  return first(db.delete(listLinks).where(eq(listLinks.id, id)).returning(link))
}

export type Invitation = Awaited<ReturnType<typeof invitationsTo>>[number]

export function invitationsTo<D extends PgQueryResultHKT>(db: QueryDatabase<D>, listId: string) {
  return db
    .select()
    .from(listInvitations)
    .where(eq(listInvitations.listId, listId))
    .orderBy(desc(listInvitations.createdAt), asc(listInvitations.id))
}

/** Those to the user's own address; the database shows them only if it is verified. */
export function myInvitations<D extends PgQueryResultHKT>(db: QueryDatabase<D>) {
  return db
    .select()
    .from(listInvitations)
    .where(eq(listInvitations.email, sql`(select lower((auth.session() ->> 'email') collate "C"))`))
    .orderBy(desc(listInvitations.createdAt), asc(listInvitations.id))
}

/** Once for an address and a list. @returns undefined if it was invited already, or the list is not the user's to share */
export function invite<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  { id, listId, email, role }: { id: string; listId: string; email: string; role: InvitedRole },
) {
  const row = db
    .select({
      id: sql<string>`${id}::uuid`.as('id'),
      listId: lists.id,
      listName: lists.name,
      email: sql<string>`lower(${email.trim()} collate "C")`.as('email'),
      role: sql<InvitedRole>`${role}`.as('role'),
      createdBy: sql<string>`auth.user_id()`.as('created_by'),
      createdAt: sql<string>`now()`.as('created_at'),
    })
    .from(lists)
    .where(eq(lists.id, listId))
  return first(db.insert(listInvitations).select(row).onConflictDoNothing().returning())
}

/** Owners withdraw it, the invited user declines it. */
export function deleteInvitation<D extends PgQueryResultHKT>(db: QueryDatabase<D>, id: string) {
  return first(db.delete(listInvitations).where(eq(listInvitations.id, id)).returning())
}

/** The view `list_joins` as a table, because Drizzle inserts into no view. What a trigger fills in has a default. */
const joins = pgTable('list_joins', {
  secret: text(),
  invitationId: uuid('invitation_id'),
  listId: uuid('list_id')
    .notNull()
    .default(sql`null`),
  role: text({ enum: LIST_ROLES })
    .notNull()
    .default(sql`null`),
})

/**
 * Makes the user a member of the list, who then finds it among their own; a member stays as they are. Without
 * a valid secret or invitation of theirs it fails (NOT_INVITED).
 */
export function joinList<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  by: { secret: string } | { invitationId: string },
) {
  return first(db.insert(joins).values(by).returning({ listId: joins.listId, role: joins.role }))
}

/** The view `list_previews`, for the same reason. */
const previews = pgTable('list_previews', {
  secret: text(),
  name: text()
    .notNull()
    .default(sql`null`),
  role: text({ enum: LIST_ROLES })
    .notNull()
    .default(sql`null`),
  ownerName: text('owner_name')
    .notNull()
    .default(sql`null`),
})

/** What a link leads to, for those who have its secret; fails like `joinList`. */
export function previewList<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  { secret }: { secret: string },
) {
  const { name, role, ownerName } = previews
  return first(db.insert(previews).values({ secret }).returning({ name, role, ownerName }))
}

function isMember(listId: string, userId: string) {
  return and(eq(listMembers.listId, listId), eq(listMembers.userId, userId))
}
