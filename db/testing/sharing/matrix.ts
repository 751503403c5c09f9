/**
 * Who may do what with a shared list. Each line is a statement, and how many rows it reaches for each person; for
 * those who are left out it is none, whether Postgres refuses the statement or finds nothing.
 */
import { INVITATION, LIST, NO_LIST, OTHER_LIST, SECRET, TODOS, type Who } from './scene'

export type Action = {
  /** Completes “a viewer may/cannot …”. */
  readonly name: string
  readonly sql: string
  readonly rows: Partial<Readonly<Record<Who, number>>>
  /** Only the rights on columns stand in the way; policies do not look at columns. */
  readonly byGrant?: true
}

const owner = { owner: 1 }
const editors = { owner: 1, editor: 1 }
const members = { owner: 1, editor: 1, viewer: 1 }
const signedIn = {
  ...members,
  'former member': 1,
  invited: 1,
  'invited, address not verified': 1,
  stranger: 1,
}
const moderator = { moderator: 1 }

const can = (name: string, sql: string, rows: Action['rows']): Action => ({ name, sql, rows })
const byGrant = (name: string, sql: string, rows: Action['rows']): Action => ({
  ...can(name, sql, rows),
  byGrant: true,
})

const one = (id: string) => `where id = '${id}'`
const addTodo = (columns: string, values: string) =>
  `insert into todos (task, ${columns}) values ('new', ${values})`
const me = '(select auth.user_id())'

const TODO_ACTIONS: readonly Action[] = [
  can('see the todos of the list', `select from todos where list_id = '${LIST}'`, {
    // Bob wrote the one that is hidden.
    ...{ owner: 4, editor: 5, viewer: 4 },
    moderator: 2,
  }),
  can('see all todos', 'select from todos', {
    ...{ owner: 7, editor: 6, viewer: 4, stranger: 1 },
    moderator: 2,
  }),
  can('see a private todo of the owner', `select from todos ${one(TODOS.private)}`, owner),
  can('see what was reported', `select from todos ${one(TODOS.reported)}`, {
    ...members,
    ...moderator,
  }),
  can(
    'see what was reported and is private by now',
    `select from todos ${one(TODOS.reportedPrivate)}`,
    owner,
  ),
  can('see that a todo was hidden', `select from todos where hidden_at is not null`, {
    editor: 1,
    ...moderator,
  }),

  can('add a todo', addTodo('list_id', `'${LIST}'`), editors),
  can('add a todo and see it', `${addTodo('list_id', `'${LIST}'`)} returning *`, editors),
  can('add a todo in the owner’s name', addTodo('list_id, user_id', `'${LIST}', 'alice'`), owner),
  can('add a todo that is hidden', addTodo('list_id, hidden_at', `'${LIST}', now()`), {}),
  can('add a private todo', "insert into todos (task) values ('new')", signedIn),
  can('add a private todo in the owner’s name', addTodo('user_id', `'alice'`), owner),
  can('add a todo to a list that they view', addTodo('list_id', `'${OTHER_LIST}'`), {
    stranger: 1,
  }),
  can('add a todo to a list that does not exist', addTodo('list_id', `'${NO_LIST}'`), {}),

  can('edit a todo', `update todos set task = 'x' ${one(TODOS.alices)}`, editors),
  byGrant('complete all todos', `update todos set is_complete = true where list_id = '${LIST}'`, {
    owner: 4,
    editor: 4,
  }),
  byGrant(
    'edit a todo that is hidden',
    `update todos set is_complete = true ${one(TODOS.hidden)} and task = 'hidden'`,
    {},
  ),
  can(
    'edit a private todo of the owner',
    `update todos set task = 'x' ${one(TODOS.private)}`,
    owner,
  ),
  byGrant('edit what was reported', `update todos set task = 'x' ${one(TODOS.reported)}`, editors),
  byGrant('give a todo to themselves', `update todos set user_id = ${me} ${one(TODOS.alices)}`, {}),
  byGrant(
    'change the day on which a todo was added',
    `update todos set inserted_at = now() ${one(TODOS.alices)}`,
    {},
  ),

  can(
    'move a todo within the list',
    `update todos set position = 'a0' ${one(TODOS.alices)}`,
    editors,
  ),
  can(
    'move their own todo to their private list',
    `update todos set list_id = null ${one(TODOS.bobs)}`,
    { editor: 1 },
  ),
  can(
    'move the owner’s todo to their private list',
    `update todos set list_id = null ${one(TODOS.alices)}`,
    owner,
  ),
  can(
    'move what was reported to their private list',
    `update todos set list_id = null ${one(TODOS.reported)}`,
    { editor: 1 },
  ),
  // Without a condition, Postgres does not ask who sees the rows as well.
  can('move everything to their private list', 'update todos set list_id = null', { stranger: 1 }),
  can(
    'move a private todo of their own into the list',
    `update todos set list_id = '${LIST}' ${one(TODOS.private)}`,
    owner,
  ),
  can(
    'move a todo into a list that they view',
    `update todos set list_id = '${OTHER_LIST}' ${one(TODOS.alices)}`,
    {},
  ),
  can(
    'move a todo out of a list that they view',
    `update todos set list_id = '${LIST}' ${one(TODOS.erins)}`,
    {},
  ),
  can(
    'move a todo into a list that does not exist',
    `update todos set list_id = '${NO_LIST}' ${one(TODOS.alices)}`,
    {},
  ),

  can(
    'hide what was reported',
    `update todos set hidden_at = now() ${one(TODOS.reported)}`,
    moderator,
  ),
  can('show what was hidden', `update todos set hidden_at = null ${one(TODOS.hidden)}`, moderator),
  can('hide what was not reported', `update todos set hidden_at = now() ${one(TODOS.bobs)}`, {}),
  byGrant('hide everything', 'update todos set hidden_at = now()', { moderator: 2 }),

  can('delete a todo', `delete from todos ${one(TODOS.alices)}`, editors),
  can('delete what was reported', `delete from todos ${one(TODOS.reported)}`, {
    ...editors,
    ...moderator,
  }),
  can('delete what is hidden', `delete from todos ${one(TODOS.hidden)}`, {
    editor: 1,
    ...moderator,
  }),
  can('delete a private todo of the owner', `delete from todos ${one(TODOS.private)}`, owner),
  can('delete everything', 'delete from todos', { owner: 6, editor: 5, stranger: 1, moderator: 2 }),
]

const theList = `where id = '${LIST}'`

const LIST_ACTIONS: readonly Action[] = [
  can('see the list', `select from lists ${theList}`, members),
  can('see all lists', 'select from lists', { owner: 2, editor: 2, viewer: 1, stranger: 1 }),
  can('create a list', `insert into lists (name) values ('new')`, signedIn),
  can(
    'create a list in the owner’s name',
    `insert into lists (name, created_by) values ('new', 'alice')`,
    owner,
  ),
  can('rename the list', `update lists set name = 'x' ${theList}`, owner),
  can('rename all lists', `update lists set name = 'x'`, { owner: 1, stranger: 1 }),
  byGrant('become the one who created it', `update lists set created_by = ${me} ${theList}`, {}),
  can('delete the list', `delete from lists ${theList}`, owner),
  can('delete all lists', 'delete from lists', { owner: 1, stranger: 1 }),
]

const member = (id: string) => `where list_id = '${LIST}' and user_id = ${id}`

const MEMBER_ACTIONS: readonly Action[] = [
  can('see the members', `select from list_members where list_id = '${LIST}'`, {
    owner: 3,
    editor: 3,
    viewer: 3,
  }),
  can(
    'add a member',
    `insert into list_members (list_id, user_id, role) values ('${LIST}', 'erin', 'editor')`,
    {},
  ),
  can(
    'add themselves',
    `insert into list_members (list_id, user_id, role) values ('${LIST}', ${me}, 'owner')`,
    {},
  ),
  can('change a role', `update list_members set role = 'editor' ${member(`'carol'`)}`, owner),
  can('make themselves the owner', `update list_members set role = 'owner' ${member(me)}`, owner),
  can('raise all members', `update list_members set role = 'owner'`, { owner: 3, stranger: 3 }),
  can(
    'give the only ownership up',
    `update list_members set role = 'editor' ${member(`'alice'`)}`,
    {},
  ),
  can(
    'transfer the list to the editor',
    `update list_members set role = case user_id when 'bob' then 'owner' else 'editor' end
     where list_id = '${LIST}' and user_id in ('alice', 'bob')`,
    { owner: 2 },
  ),
  can(
    'move a member to another list',
    `update list_members set list_id = '${OTHER_LIST}' ${member(`'carol'`)}`,
    {},
  ),
  byGrant(
    'take a member’s place',
    `update list_members set user_id = 'erin' ${member(`'carol'`)}`,
    {},
  ),
  can('leave, unless they are the only owner', `delete from list_members ${member(me)}`, {
    editor: 1,
    viewer: 1,
  }),
  can('remove the viewer, or leave', `delete from list_members ${member(`'carol'`)}`, {
    owner: 1,
    viewer: 1,
  }),
  can('remove the owner', `delete from list_members ${member(`'alice'`)}`, {}),
]

const preview = (secret: string) =>
  `insert into list_previews (secret) values ('${secret}') returning name, role, owner_name`

const join = (column: string, value: string) =>
  `insert into list_joins (${column}) values ('${value}') returning list_id, role`

/** Of no secret that anyone knows. */
const HASH = `'${'0'.repeat(64)}'`

const SHARE_ACTIONS: readonly Action[] = [
  can('see the links', 'select from list_links', owner),
  can(
    'make a link',
    `insert into list_links (list_id, role, secret_hash) values ('${LIST}', 'editor', ${HASH})`,
    owner,
  ),
  can(
    'make a link in the owner’s name',
    `insert into list_links (list_id, role, secret_hash, created_by) values ('${LIST}', 'editor', ${HASH}, 'alice')`,
    owner,
  ),
  can(
    'make a link in the editor’s name',
    `insert into list_links (list_id, role, secret_hash, created_by) values ('${LIST}', 'editor', ${HASH}, 'bob')`,
    {},
  ),
  can(
    'make a link that makes owners',
    `insert into list_links (list_id, role, secret_hash) values ('${LIST}', 'owner', ${HASH})`,
    {},
  ),
  byGrant('change a link', `update list_links set secret_hash = ${HASH}`, {}),
  can('revoke links', 'delete from list_links', owner),
  can('look at a list by the secret of a link', preview(SECRET), signedIn),
  can('look at a list by a wrong secret', preview('x'), {}),
  can('look at a list without a secret', 'insert into list_previews default values', {}),
  can('join by the secret of a link', join('secret', SECRET), signedIn),
  can('join by a wrong secret', join('secret', 'x'), {}),
  can('join without a secret', 'insert into list_joins default values', {}),

  can('see invitations', 'select from list_invitations', { owner: 1, invited: 1 }),
  can(
    'invite',
    `insert into list_invitations (list_id, list_name, email, role) values ('${LIST}', '', 'x@example.com', 'editor')`,
    owner,
  ),
  can(
    'invite in the editor’s name',
    `insert into list_invitations (list_id, list_name, email, role, created_by) values ('${LIST}', '', 'x@example.com', 'editor', 'bob')`,
    {},
  ),
  can(
    'invite an owner',
    `insert into list_invitations (list_id, list_name, email, role) values ('${LIST}', '', 'x@example.com', 'owner')`,
    {},
  ),
  byGrant('change an invitation', `update list_invitations set role = 'editor'`, {}),
  can('withdraw or decline invitations', 'delete from list_invitations', { owner: 1, invited: 1 }),
  can('join by an invitation', join('invitation_id', INVITATION), { invited: 1 }),
]

const report = (todo: string) => `insert into reports (todo_id, reason) values ('${todo}', 'spam')`

const REPORT_ACTIONS: readonly Action[] = [
  can('report a todo', report(TODOS.daves), members),
  can(
    'report a todo in the owner’s name',
    `insert into reports (todo_id, user_id) values ('${TODOS.daves}', 'alice')`,
    owner,
  ),
  can('report a private todo', report(TODOS.private), {}),
  can('report a todo that does not exist', report(NO_LIST), {}),
  can('see reports', 'select from reports', { owner: 1, editor: 1, viewer: 1, moderator: 3 }),
  can(
    'see who reported what they wrote',
    `select from reports where todo_id = '${TODOS.reported}'`,
    { viewer: 1, ...moderator },
  ),
  byGrant('change a report', `update reports set reason = 'x'`, {}),
  can('withdraw or close reports', 'delete from reports', {
    owner: 1,
    editor: 1,
    viewer: 1,
    moderator: 3,
  }),
]

export const MATRIX: readonly Action[] = [
  ...TODO_ACTIONS,
  ...LIST_ACTIONS,
  ...MEMBER_ACTIONS,
  ...SHARE_ACTIONS,
  ...REPORT_ACTIONS,
]

export const GROUP_TABLES = [
  'todos',
  'lists',
  'list_members',
  'list_links',
  'list_invitations',
  'reports',
] as const
