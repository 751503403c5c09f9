import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { LAST_OWNER } from '../schema/list-members'
import { NOT_INVITED } from '../schema/list-joins'
import { queryAs, seal } from '../../proxy/test/testing/as-user'
import {
  layOutScene,
  LIST,
  OTHER_LIST,
  PEOPLE,
  SECRET,
  TODOS,
  type Who,
} from '../testing/sharing/scene'
import { hashLinkSecret, newLinkSecret } from './link-secret'
import { createList, deleteList, findList, homesFor, leaveList, myLists, renameList } from './lists'
import {
  createLink,
  deleteInvitation,
  invitationsTo,
  invite,
  joinList,
  linksOf,
  membersOf,
  myInvitations,
  removeMember,
  revokeLink,
  setRole,
  transferOwnership,
} from './members'
import { deleteReports, mayModerate, openReports, reportTodo, setHidden } from './reports'
import { addTodo, deleteTodo, listTodos } from './todos'
import { openDatabase, type OpenDatabase } from '../testing/open-database'

let database: OpenDatabase['database']
let owner: OpenDatabase['owner']
let authenticator: OpenDatabase['authenticator']
let close: OpenDatabase['close']
before(async () => {
  ;({ database, owner, authenticator, close } = await openDatabase())
  await owner.query('grant moderator to authenticator')
})
beforeEach(() => layOutScene(owner))
after(async () => {
  await owner.query('revoke moderator from authenticator')
  await close()
})

function as<T>(who: Who, work: (db: NodePgDatabase) => Promise<T>): Promise<T> {
  const { role, claims } = PEOPLE[who]
  return queryAs(
    authenticator,
    { role, token: claims === null ? '' : seal(database.sessionKey, claims) },
    work,
  )
}

const failsWith = (code: string) => (error: unknown) =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  error.cause.code === code

describe('lists', () => {
  test('come by name, with the user’s role, how many todos are open, and how many members there are', async () => {
    assert.deepEqual(await as('editor', myLists), [
      {
        id: LIST,
        name: 'Alice’s list',
        role: 'editor',
        mayEdit: true,
        mayOwn: false,
        active: 5,
        memberCount: 3,
      },
      {
        id: OTHER_LIST,
        name: 'Erin’s list',
        role: 'viewer',
        mayEdit: false,
        mayOwn: false,
        active: 1,
        memberCount: 3,
      },
    ])
    assert.deepEqual(await as('former member', myLists), [])
  })

  test('belong to the one who creates them, once', async () => {
    const id = randomUUID()
    for (let times = 0; times < 2; times++) {
      await as('stranger', (db) => createList(db, { id, name: ' New \n' }))
    }
    const made = (await as('stranger', myLists)).find((list) => list.id === id)
    assert.deepEqual(made, {
      id,
      name: 'New',
      role: 'owner',
      mayEdit: true,
      mayOwn: true,
      active: 0,
      memberCount: 1,
    })
  })

  test('are renamed and deleted by their owner', async () => {
    assert.equal(await as('editor', (db) => renameList(db, LIST, 'x')), undefined)
    assert.equal((await as('owner', (db) => renameList(db, LIST, ' x ')))?.name, 'x')
    assert.equal(await as('editor', (db) => deleteList(db, LIST)), undefined)
    assert.equal((await as('owner', (db) => deleteList(db, LIST)))?.id, LIST)
  })

  test('say what the user may do there, which is what they then can', async () => {
    const rights = async (who: Who) => {
      const found = await as(who, (db) => findList(db, LIST))
      if (!found) return undefined
      const { todoCount, ...rest } = found
      // Of what they see: a hidden todo is there for its author only.
      const seen = (await as(who, listTodos)).filter(({ listId }) => listId === LIST)
      assert.equal(todoCount, seen.length)
      return rest
    }
    const list = { id: LIST, name: 'Alice’s list', memberCount: 3 }
    const only = { ...list, mayEdit: false, mayOwn: false, mayLeave: true }
    assert.deepEqual(await rights('owner'), {
      ...list,
      role: 'owner',
      mayEdit: true,
      mayOwn: true,
      mayLeave: false,
    })
    assert.deepEqual(await rights('editor'), { ...only, role: 'editor', mayEdit: true })
    assert.deepEqual(await rights('viewer'), { ...only, role: 'viewer' })
    assert.equal(await rights('stranger'), undefined)
    await as('owner', (db) => setRole(db, { listId: LIST, userId: 'bob', role: 'owner' }))
    assert.equal((await rights('owner'))?.mayLeave, true)
    for (const who of ['owner', 'viewer'] as const) {
      assert.equal((await as(who, (db) => leaveList(db, LIST)))?.listId, LIST)
    }
    await assert.rejects(
      as('editor', (db) => leaveList(db, LIST)),
      failsWith(LAST_OWNER),
    )
  })

  test('that todos can be moved to are those that the user edits, and the private one for their own', async () => {
    const bobs = await as('editor', (db) => addTodo(db, { task: 'mine', listId: LIST }))
    const alices = await as('owner', (db) => addTodo(db, { task: 'hers', listId: LIST }))
    const lists = [{ id: LIST, name: 'Alice’s list' }]
    const homes = (who: Who, ...ids: string[]) => as(who, (db) => homesFor(db, ids))
    assert.deepEqual(await homes('editor', bobs.id), { lists, mayBePrivate: true })
    assert.deepEqual(await homes('editor', bobs.id, alices.id), { lists, mayBePrivate: false })
    assert.deepEqual(await homes('viewer', bobs.id), { lists: [], mayBePrivate: false })
    assert.equal((await homes('stranger', bobs.id)).mayBePrivate, false)
  })
})

describe('members', () => {
  test('are seen by each other, in the order in which they came', async () => {
    const members = await as('viewer', (db) => membersOf(db, LIST))
    assert.deepEqual(members.map(({ userId, role }) => [userId, role]).toSorted(), [
      ['alice', 'owner'],
      ['bob', 'editor'],
      ['carol', 'viewer'],
    ])
    assert.deepEqual(await as('stranger', (db) => membersOf(db, LIST)), [])
  })

  test('are changed and removed by the owner', async () => {
    const carol = { listId: LIST, userId: 'carol' }
    assert.equal(await as('editor', (db) => setRole(db, { ...carol, role: 'editor' })), undefined)
    const changed = await as('owner', (db) => setRole(db, { ...carol, role: 'editor' }))
    assert.equal(changed?.mayEdit, true)
    assert.equal(await as('editor', (db) => removeMember(db, carol)), undefined)
    assert.equal((await as('owner', (db) => removeMember(db, carol)))?.userId, 'carol')
    assert.deepEqual(await as('viewer', myLists), [])
  })

  test('get the list from its owner, who stays as an editor', async () => {
    await as('owner', (db) => transferOwnership(db, { listId: LIST, userId: 'bob' }))
    const role = async (who: Who) => (await as(who, (db) => findList(db, LIST)))?.role
    assert.deepEqual([await role('owner'), await role('editor')], ['editor', 'owner'])
    await assert.rejects(
      as('editor', (db) => transferOwnership(db, { listId: LIST, userId: 'erin' })),
      failsWith(LAST_OWNER),
    )
  })
})

describe('links', () => {
  test('let in users who have the secret, until they are revoked', async () => {
    const secret = newLinkSecret()
    assert.match(secret, /^[\w-]{43}$/)
    const id = randomUUID()
    const values = {
      id,
      listId: LIST,
      role: 'viewer',
      secretHash: await hashLinkSecret(secret),
    } as const
    assert.equal((await as('owner', (db) => createLink(db, values)))?.role, 'viewer')
    assert.equal((await as('owner', (db) => linksOf(db, LIST))).length, 2)
    assert.deepEqual(await as('editor', (db) => linksOf(db, LIST)), [])
    assert.deepEqual(await as('stranger', (db) => joinList(db, { secret })), {
      listId: LIST,
      role: 'viewer',
    })
    assert.equal(await as('editor', (db) => revokeLink(db, id)), undefined)
    assert.equal((await as('owner', (db) => revokeLink(db, id)))?.id, id)
    await assert.rejects(
      as('former member', (db) => joinList(db, { secret })),
      failsWith(NOT_INVITED),
    )
    // The other link is as it was.
    assert.equal(
      (await as('former member', (db) => joinList(db, { secret: SECRET })))?.role,
      'editor',
    )
  })
})

describe('invitations', () => {
  test('reach the owner of an address, whatever the case of its letters', async () => {
    const id = randomUUID()
    const sent = await as('owner', (db) =>
      invite(db, { id, listId: LIST, email: ' Erin@EXAMPLE.com', role: 'editor' }),
    )
    assert.equal(sent?.email, 'erin@example.com')
    assert.equal(sent.listName, 'Alice’s list')
    const again = {
      id: randomUUID(),
      listId: LIST,
      email: 'erin@example.com',
      role: 'viewer',
    } as const
    assert.equal(await as('owner', (db) => invite(db, again)), undefined)
    assert.equal((await as('owner', (db) => invitationsTo(db, LIST))).length, 2)
    assert.deepEqual(
      (await as('stranger', myInvitations)).map((one) => one.id),
      [id],
    )
    assert.deepEqual(await as('owner', myInvitations), [])
    assert.equal((await as('stranger', (db) => joinList(db, { invitationId: id })))?.role, 'editor')
    assert.deepEqual(await as('stranger', myInvitations), [])
  })

  test('are declined by the invited user, and withdrawn by the owner', async () => {
    const [invitation] = await as('invited', myInvitations)
    const id = invitation?.id ?? ''
    assert.equal(await as('editor', (db) => deleteInvitation(db, id)), undefined)
    assert.equal((await as('invited', (db) => deleteInvitation(db, id)))?.id, id)
    const other = {
      id: randomUUID(),
      listId: LIST,
      email: 'x@example.com',
      role: 'viewer',
    } as const
    await as('owner', (db) => invite(db, other))
    assert.equal((await as('owner', (db) => deleteInvitation(db, other.id)))?.id, other.id)
  })
})

describe('reports', () => {
  test('are made once, and closed by a moderator, who hides the todo or shows it again', async () => {
    for (let times = 0; times < 2; times++) {
      await as('viewer', (db) =>
        reportTodo(db, { id: randomUUID(), todoId: TODOS.alices, reason: ' spam ' }),
      )
    }
    const open = async () =>
      (await as('moderator', openReports)).filter(({ todo }) => todo.id === TODOS.alices)
    const [report, ...more] = await open()
    assert.deepEqual(more, [])
    assert.deepEqual(
      [report?.reason, report?.reportedBy, report?.todo.task],
      ['spam', 'carol', 'by Alice'],
    )

    const sees = async (who: Who) =>
      (await as(who, listTodos)).find(({ id }) => id === TODOS.alices)?.hiddenAt
    assert.ok((await as('moderator', (db) => setHidden(db, TODOS.alices, true)))?.hiddenAt)
    assert.deepEqual([await sees('viewer'), await sees('editor')], [undefined, undefined])
    assert.equal(typeof (await sees('owner')), 'string')
    await as('moderator', (db) => setHidden(db, TODOS.alices, false))
    assert.equal(await sees('viewer'), null)

    assert.equal(await as('moderator', (db) => setHidden(db, TODOS.bobs, true)), undefined)
    assert.equal((await as('moderator', (db) => deleteReports(db, TODOS.alices))).length, 1)
    assert.deepEqual(await open(), [])
    assert.equal(await as('moderator', (db) => deleteTodo(db, TODOS.alices)), undefined)
    assert.equal(
      (await as('moderator', (db) => deleteTodo(db, TODOS.reported)))?.id,
      TODOS.reported,
    )
  })

  test('are for those whose token says so: the role alone is not enough', async () => {
    assert.equal(await as('moderator', mayModerate), true)
    for (const who of ['moderator by role alone', 'owner'] as const) {
      assert.equal(await as(who, mayModerate), false)
    }
  })
})
