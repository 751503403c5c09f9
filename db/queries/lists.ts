/** Every query about lists; what a user may do with one is decided by its policies. */
import { and, asc, eq, sql } from 'drizzle-orm'
import type { PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { ownedBy } from '../policies'
import { listMembers, lists, todos } from '../schema'
import { first, type QueryDatabase } from './database'

/** Characters after trimming; the table checks the same. */
export const LIST_NAME_MAX_LENGTH = 100

/** The columns of `list_members` that say what the policies let the user do in a list. */
const rights = {
  role: listMembers.role,
  mayEdit: listMembers.mayEdit,
  mayOwn: listMembers.mayOwn,
}

/** A list's only owner may not leave it. */
const mayLeave = sql<boolean>`(not ${listMembers.mayOwn} or exists (select from ${listMembers} as other where other.list_id = ${listMembers.listId} and other.may_own and other.user_id <> ${listMembers.userId}))`

const active = sql<number>`(select count(*) from ${todos} where ${todos.listId} = ${lists.id} and not ${todos.isComplete})::int`
const todoCount = sql<number>`(select count(*) from ${todos} where ${todos.listId} = ${lists.id})::int`
const memberCount = sql<number>`(select count(*) from ${listMembers} as member where member.list_id = ${lists.id})::int`

const isMine = and(eq(listMembers.listId, lists.id), ownedBy(listMembers.userId))

export type List = Awaited<ReturnType<typeof myLists>>[number]

/** The lists that the user belongs to, by name. */
export function myLists<D extends PgQueryResultHKT>(db: QueryDatabase<D>) {
  return db
    .select({ id: lists.id, name: lists.name, ...rights, active, memberCount })
    .from(lists)
    .innerJoin(listMembers, isMine)
    .orderBy(asc(lists.name), asc(lists.id))
}

export type ListDetails = NonNullable<Awaited<ReturnType<typeof findList>>>

/**
 * A list with what the user may do there, as the database says: `mayEdit` its todos, `mayOwn` it (share, rename,
 * delete, change roles), `mayLeave` it. Undefined for a list that is not theirs.
 */
export function findList<D extends PgQueryResultHKT>(db: QueryDatabase<D>, listId: string) {
  return first(
    db
      .select({ id: lists.id, name: lists.name, ...rights, mayLeave, memberCount, todoCount })
      .from(lists)
      .innerJoin(listMembers, isMine)
      .where(eq(lists.id, listId)),
  )
}

/**
 * Makes a list that belongs to the user alone; the same id again makes nothing. It returns no row, because
 * the user becomes its owner, and so sees it, at the end of the statement.
 */
export async function createList<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  { id, name }: { id: string; name: string },
): Promise<void> {
  await db.insert(lists).values({ id, name: name.trim() }).onConflictDoNothing()
}

export function renameList<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  id: string,
  name: string,
) {
  return first(db.update(lists).set({ name: name.trim() }).where(eq(lists.id, id)).returning())
}

/** With all its todos, members and invitations. */
export function deleteList<D extends PgQueryResultHKT>(db: QueryDatabase<D>, id: string) {
  return first(db.delete(lists).where(eq(lists.id, id)).returning())
}

/** Refused (LAST_OWNER) for the only owner, who hands the list over or deletes it. */
export function leaveList<D extends PgQueryResultHKT>(db: QueryDatabase<D>, id: string) {
  return first(
    db
      .delete(listMembers)
      .where(and(eq(listMembers.listId, id), ownedBy(listMembers.userId)))
      .returning(),
  )
}

/**
 * Where the user may move these todos: to lists that they may edit, and to their private list if all of them are
 * their own.
 */
export async function homesFor<D extends PgQueryResultHKT>(
  db: QueryDatabase<D>,
  todoIds: readonly string[],
) {
  const [homes, owned] = await Promise.all([
    db
      .select({ id: lists.id, name: lists.name })
      .from(lists)
      .innerJoin(listMembers, isMine)
      .where(eq(listMembers.mayEdit, true))
      .orderBy(asc(lists.name), asc(lists.id)),
    first(
      db
        .select({ mayBePrivate: sql<boolean>`coalesce(bool_and(${ownedBy(todos.userId)}), false)` })
        .from(todos)
        .where(sql`${todos.id} = any(${sql.param(todoIds)})`),
    ),
  ])
  return { lists: homes, mayBePrivate: owned?.mayBePrivate ?? false }
}
