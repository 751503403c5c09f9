import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { generateKeyBetween } from 'fractional-indexing'
import { queryAs, seal } from '../../proxy/test/testing/as-user'
import { ALICE, ALICES_TODO, BOB, layOutTodos } from '../testing/people'
import {
  addTodo,
  clearCompleted,
  countTodos,
  deleteTodo,
  findTodo,
  insertTodos,
  listTodos,
  moveTodo,
  NOTES_MAX_LENGTH,
  notesOf,
  renameTodo,
  setAllComplete,
  setTodoComplete,
  setTodoDue,
  setTodoNotes,
  TASK_MAX_LENGTH,
  todosOf,
  todosWithCounts,
  type NewTodo,
  type Todo,
} from './todos'
import type { Filter, View } from './views'
import { openDatabase, type OpenDatabase } from '../testing/open-database'

let database: OpenDatabase['database']
let owner: OpenDatabase['owner']
let authenticator: OpenDatabase['authenticator']
let close: OpenDatabase['close']

before(async () => {
  ;({ database, owner, authenticator, close } = await openDatabase())
})

beforeEach(() => layOutTodos(owner))

after(async () => {
  await close()
})

const as = <T>(userId: string, work: (db: NodePgDatabase) => Promise<T>) =>
  queryAs(
    authenticator,
    { role: 'authenticated', token: seal(database.sessionKey, { sub: userId }) },
    work,
  )

const tasksOf = async (userId: string) => (await as(userId, listTodos)).map((todo) => todo.task)

/** The database's own refusal, wherever Drizzle has put it. */
const refusedWith = (code: string) => (error: unknown) => {
  const cause = error instanceof Error && error.cause ? error.cause : error
  assert(cause instanceof Error && 'code' in cause)
  assert.equal(cause.code, code)
  return true
}

describe('the list', () => {
  test('has only the user’s own todos', async () => {
    assert.deepEqual(await tasksOf(BOB), ['42'])
    assert.equal((await tasksOf(ALICE)).length, 2)
    assert.deepEqual(await tasksOf('user_carol'), [])
  })

  test('shows new todos at the end', async () => {
    await as(BOB, (db) => addTodo(db, { task: 'second' }))
    await as(BOB, (db) => addTodo(db, { task: 'third' }))
    assert.deepEqual(await tasksOf(BOB), ['42', 'second', 'third'])
  })

  test('keeps its order when a todo changes', async () => {
    const second = await as(BOB, (db) => addTodo(db, { task: 'second' }))
    await as(BOB, (db) => addTodo(db, { task: 'third' }))
    await as(BOB, (db) => renameTodo(db, second.id, 'changed'))
    assert.deepEqual(await tasksOf(BOB), ['42', 'changed', 'third'])
  })
})

describe('adding', () => {
  test('makes the todo the user’s own, open and trimmed', async () => {
    const todo = await as(BOB, (db) => addTodo(db, { task: '  \t Milk, eggs \n' }))
    assert.deepEqual(todo, {
      id: todo.id,
      userId: BOB,
      task: 'Milk, eggs',
      isComplete: false,
      insertedAt: todo.insertedAt,
      listId: null,
      notesStart: '',
      dueOn: null,
      dueTime: null,
      position: todo.position,
      hiddenAt: null,
    })
    assert.match(todo.position, /^m[0-9A-F]{13}$/)
    assert.match(todo.insertedAt, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/)
    assert(!(await tasksOf(ALICE)).includes('Milk, eggs'))
  })

  test('takes 500 characters of any alphabet, and no more', async () => {
    await as(BOB, (db) => addTodo(db, { task: 'ж'.repeat(TASK_MAX_LENGTH) }))
    await as(BOB, (db) => addTodo(db, { task: '🌱'.repeat(TASK_MAX_LENGTH) }))
    await assert.rejects(
      as(BOB, (db) => addTodo(db, { task: 'x'.repeat(TASK_MAX_LENGTH + 1) })),
      refusedWith('23514'),
    )
  })

  for (const [name, task] of [
    ['nothing', ''],
    ['only spaces', ' \t\n '],
  ] as const) {
    test(`refuses ${name}`, () =>
      assert.rejects(
        as(BOB, (db) => addTodo(db, { task })),
        refusedWith('23514'),
      ))
  }

  test('is refused without a user', () =>
    assert.rejects(
      as('', (db) => addTodo(db, { task: 'whose?' })),
      refusedWith('42501'),
    ))
})

describe('the database itself', () => {
  for (const task of [' x', 'x ', '\tx', 'x\n', '\rx', '   ', '']) {
    test(`refuses the task ${JSON.stringify(task)}`, () =>
      assert.rejects(
        owner.query('insert into todos (user_id, task) values ($1, $2)', [BOB, task]),
        refusedWith('23514'),
      ))
  }

  test('takes a task that begins or ends with any letter', async () => {
    for (const letter of 'abcdefghijklmnopqrstuvwxyz\\') {
      await owner.query('insert into todos (user_id, task) values ($1, $2)', [BOB, letter])
    }
  })
})

describe('changing', () => {
  test('renames, trimmed', async () => {
    const { id } = await as(BOB, (db) => addTodo(db, { task: 'old' }))
    const renamed = await as(BOB, (db) => renameTodo(db, id, ' new '))
    assert.equal(renamed?.task, 'new')
  })

  test('completes and reopens; doing it twice does no harm', async () => {
    const { id } = await as(BOB, (db) => addTodo(db, { task: 'x' }))
    for (const isComplete of [true, true, false, false]) {
      const todo = await as(BOB, (db) => setTodoComplete(db, id, isComplete))
      assert.equal(todo?.isComplete, isComplete)
    }
  })

  test('completes all of the user’s todos, and only theirs', async () => {
    await as(BOB, (db) => addTodo(db, { task: 'x' }))
    assert.equal((await as(BOB, (db) => setAllComplete(db, true))).length, 2)
    assert((await as(BOB, listTodos)).every((todo) => todo.isComplete))
    assert((await as(ALICE, listTodos)).some((todo) => !todo.isComplete))
  })

  test('returns nothing for another user’s todo, as for a missing one', async () => {
    for (const id of [ALICES_TODO, '00000000-0000-4000-8000-000000000000']) {
      assert.equal(await as(BOB, (db) => renameTodo(db, id, 'stolen')), undefined)
      assert.equal(await as(BOB, (db) => setTodoComplete(db, id, true)), undefined)
      assert.equal(await as(BOB, (db) => deleteTodo(db, id)), undefined)
    }
    assert.equal((await tasksOf(ALICE)).length, 2)
  })
})

describe('removing', () => {
  test('deletes one todo', async () => {
    const { id } = await as(BOB, (db) => addTodo(db, { task: 'x' }))
    assert.equal((await as(BOB, (db) => deleteTodo(db, id)))?.task, 'x')
    assert.deepEqual(await tasksOf(BOB), ['42'])
  })

  test('clears what the user has completed, and only that', async () => {
    const { id } = await as(BOB, (db) => addTodo(db, { task: 'done' }))
    await as(BOB, (db) => setTodoComplete(db, id, true))
    const cleared = await as(BOB, clearCompleted)
    assert.deepEqual(
      cleared.map((todo) => todo.task),
      ['done'],
    )
    assert.deepEqual(await tasksOf(BOB), ['42'])
    assert((await as(ALICE, listTodos)).some((todo) => todo.isComplete))
  })
})

describe('a view', () => {
  const listId = '11570000-0000-4000-8000-000000000001'
  const day = '2026-01-15'
  const pages = (db: NodePgDatabase, view: View, filter?: Filter) =>
    readPages((place) => todosOf(db, view, { place, limit: 2, ...(filter && { filter }) }))

  beforeEach(async () => {
    await owner.query(`
      delete from lists;
      delete from todos;
      insert into lists (id, name, created_by) values ('${listId}', 'shared', '${ALICE}');
      insert into list_members (list_id, user_id, role) values ('${listId}', '${BOB}', 'viewer');
      insert into todos (user_id, list_id, task, is_complete, due_on, due_time, position) values
        ('${BOB}', null, 'own a', false, '${day}', '10:00', 'a0'),
        ('${BOB}', null, 'own b', true, '2026-01-14', null, 'a1'),
        ('${BOB}', null, 'own c', false, '2026-01-16', null, 'a1'),
        ('${BOB}', null, 'own d', false, '2026-01-14', null, 'a0V'),
        ('${ALICE}', '${listId}', 'shared a', false, '${day}', '09:00', 'a0'),
        ('${ALICE}', '${listId}', 'shared b', true, '${day}', null, 'a1'),
        ('${ALICE}', '${listId}', 'shared c', false, '2026-02-01', '00:30', 'Zz'),
        ('${ALICE}', null, 'alice', false, '${day}', null, 'a0')`)
  })

  const VIEWS: readonly (readonly [view: View, filter: Filter, tasks: string])[] = [
    [{ name: 'mine' }, 'all', 'own a, own d, own b/own c'],
    [{ name: 'mine' }, 'active', 'own a, own d, own c'],
    [{ name: 'list', listId }, 'all', 'shared c, shared a, shared b'],
    [{ name: 'list', listId }, 'completed', 'shared b'],
    [{ name: 'today', day }, 'all', 'own d, shared b, shared a, own a'],
    [{ name: 'today', day }, 'active', 'own d, shared a, own a'],
    [{ name: 'upcoming', day }, 'all', 'own c, shared c'],
    [{ name: 'completed' }, 'all', 'own b/shared b'],
  ]
  for (const [view, filter, wanted] of VIEWS) {
    test(`${view.name}, ${filter}: its todos in order, page by page`, async () => {
      const found = (await as(BOB, (db) => pages(db, view, filter))).map(({ task }) => task)
      // Of two in the same place, the id decides.
      const [either, or] = [wanted, wanted.replace(/(\w+ \w)\/(\w+ \w)/, '$2/$1')]
      assert.ok(
        [either, or].map((tasks) => tasks.replace('/', ', ')).includes(found.join(', ')),
        found.join(', '),
      )
    })
  }

  for (const [view, filter] of VIEWS) {
    test(`${view.name}, ${filter}: its first page and counts in one statement`, async () => {
      const [page, counts, both] = await as(BOB, async (db) => [
        await todosOf(db, view, { filter, limit: 2 }),
        await countTodos(db, view),
        await todosWithCounts(db, view, { filter, limit: 2 }),
      ])
      assert.deepEqual(both, { todos: page, counts })
    })
  }

  test('without todos has counts of none', async () => {
    const view = { name: 'upcoming', day: '2030-01-01' } as const
    assert.deepEqual(await as(BOB, (db) => todosWithCounts(db, view, { limit: 2 })), {
      todos: [],
      counts: { active: 0, completed: 0 },
    })
  })

  test('has counts of its own', async () => {
    const counts = (view: View) => as(BOB, (db) => countTodos(db, view))
    assert.deepEqual(await counts({ name: 'mine' }), { active: 3, completed: 1 })
    assert.deepEqual(await counts({ name: 'list', listId }), { active: 2, completed: 1 })
    assert.deepEqual(await counts({ name: 'today', day }), { active: 3, completed: 1 })
  })

  test('is what “complete all” and “clear completed” are about', async () => {
    assert.equal((await as(BOB, (db) => setAllComplete(db, true, { name: 'mine' }))).length, 3)
    assert.equal((await as(BOB, (db) => clearCompleted(db, { name: 'mine' }))).length, 4)
    // Bob only views the list.
    assert.deepEqual(await as(BOB, (db) => clearCompleted(db, { name: 'list', listId })), [])
    assert.equal((await as(ALICE, (db) => clearCompleted(db, { name: 'list', listId }))).length, 1)
  })
})

describe('a todo', () => {
  const id = '70d00000-0000-4000-8000-000000000001'

  test('that is added twice with one id is there once, as it was', async () => {
    const [first, second] = [
      await as(BOB, (db) => addTodo(db, { id, task: 'once' })),
      await as(BOB, (db) => addTodo(db, { id, task: 'twice' })),
    ]
    assert.deepEqual(second, first)
    await assert.rejects(
      as(ALICE, (db) => addTodo(db, { id, task: 'whose?' })),
      /the id of the new todo is taken/i,
    )
  })

  test('that is deleted comes back with all its columns', async () => {
    const todo = await as(BOB, (db) =>
      addTodo(db, {
        id,
        task: 'x',
        notes: 'why',
        dueOn: '2026-01-31',
        dueTime: '09:00:00',
        position: 'a5',
      }),
    )
    const deleted = await as(BOB, (db) => deleteTodo(db, id))
    assert.deepEqual(deleted, { ...todo, notes: 'why' })
    assert.deepEqual(await as(BOB, (db) => insertTodos(db, [deleted])), [todo])
    assert.deepEqual(await as(BOB, (db) => insertTodos(db, [deleted])), [])
    assert.deepEqual(await as(BOB, (db) => findTodo(db, id)), todo)
  })

  test('gets notes, a day, a time and a place', async () => {
    await as(BOB, (db) => addTodo(db, { id, task: 'x' }))
    await as(BOB, (db) => setTodoNotes(db, id, 'line 1\nline 2'))
    await as(BOB, (db) => setTodoDue(db, id, { dueOn: '2026-02-28', dueTime: '18:30' }))
    const todo = await as(BOB, (db) =>
      moveTodo(db, id, { position: generateKeyBetween(null, 'a0') }),
    )
    assert.equal(todo?.notesStart, 'line 1\nline 2')
    assert.equal(await as(BOB, (db) => notesOf(db, id)), 'line 1\nline 2')
    assert.equal(await as(ALICE, (db) => notesOf(db, id)), undefined)
    assert.equal(todo.dueOn, '2026-02-28')
    assert.equal(todo.dueTime, '18:30:00')
    assert.equal(todo.position, 'Zz')
  })

  test('can be sorted before, after and between those that got their place by default', async () => {
    const [one, two] = [
      await as(BOB, (db) => addTodo(db, { task: 'one' })),
      await as(BOB, (db) => addTodo(db, { task: 'two' })),
    ]
    const keys = [
      generateKeyBetween(null, one.position),
      generateKeyBetween(one.position, two.position),
      generateKeyBetween(two.position, null),
    ]
    for (const position of keys) await as(BOB, (db) => addTodo(db, { task: position, position }))
    const order = (await as(BOB, listTodos)).map(({ task }) => task).filter((task) => task !== '42')
    assert.deepEqual(order, [keys[0], 'one', keys[1], 'two', keys[2]])
  })

  const REFUSED: readonly (readonly [what: string, values: Partial<NewTodo>])[] = [
    ['a time without a day', { dueTime: '09:00' }],
    ['notes of more than 10,000 characters', { notes: 'x'.repeat(NOTES_MAX_LENGTH + 1) }],
    // What fractional-indexing throws at.
    ...[
      '',
      'a',
      '0',
      'a00',
      'b1',
      'zz',
      'Y0',
      'a0-',
      'A00000000000000000000000000',
      `a0${'V'.repeat(600)}`,
    ].map(
      (position) =>
        [`the position ${JSON.stringify(position.slice(0, 30))}`, { position }] as const,
    ),
  ]
  for (const [what, values] of REFUSED) {
    test(`cannot have ${what}`, () =>
      assert.rejects(
        as(BOB, (db) => addTodo(db, { task: 'x', ...values })),
        refusedWith('23514'),
      ))
  }

  test('can have any position that fractional-indexing makes', async () => {
    let [low, high] = [generateKeyBetween(null, null), generateKeyBetween(null, null)]
    for (let i = 0; i < 300; i++) {
      low = generateKeyBetween(null, low)
      high = generateKeyBetween(high, null)
      const between = generateKeyBetween(low, high)
      for (const position of [low, high, between]) {
        await as(BOB, (db) => addTodo(db, { task: 'x', position }))
      }
      low = i % 2 === 0 ? low : between
    }
  })
})

async function readPages(read: (place: Todo | undefined) => Promise<Todo[]>): Promise<Todo[]> {
  const all: Todo[] = []
  for (;;) {
    const page = await read(all.at(-1))
    if (page.length === 0) return all
    all.push(...page)
  }
}
