import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, test } from 'node:test'
import { failed, succeeded, type Result } from '@/lib/problem'
import type { Todo } from '@/db/queries/todos'
import type { Change } from '../change'
import { todo as alicesTodo } from '../testing/todo'
import { createOutbox, type Outbox } from './outbox'
import { parseEntry } from '../received'
import { outboxStorage, type KeyValues } from './storage'

/** What localStorage does, over what two tabs of one browser share. */
function keyValues(kept: Map<string, string>): KeyValues {
  return {
    get length() {
      return kept.size
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}

/** What Web Locks do, within one process. */
function lock() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}

let kept: Map<string, string>
let exclusively: ReturnType<typeof lock>
let sent: string[]
let isOnline: boolean
/** What the database answers to a change of this text. */
let answers: (task: string) => Result<Todo[]> | Promise<Result<Todo[]>>
/** The ids of the rows that were saved. */
let saved: string[]

beforeEach(() => {
  kept = new Map()
  exclusively = lock()
  sent = []
  saved = []
  isOnline = true
  answers = () => succeeded([])
})

function openTab(storage = outboxStorage('alice', () => keyValues(kept), parseEntry)): Outbox {
  return createOutbox({
    storage,
    exclusively,
    canSend: () => isOnline,
    send: async (change) => {
      const name = 'task' in change ? change.task : change.type
      sent.push(name)
      return answers(name)
    },
    onSaved: (_entry, rows) => saved.push(...rows.map(({ id }) => id)),
    onDoubt: () => undefined,
    newId: randomUUID,
    now: Date.now,
  })
}

const add = (task: string, id: string = randomUUID()): Change => ({
  type: 'add',
  id,
  task,
  listId: null,
})
const shown = (outbox: Outbox) =>
  outbox
    .state()
    .entries.map(({ change, problem }) => ['task' in change ? change.task : '', problem])

test('entries are another array only when they are others, so that a list need not be made anew', async () => {
  const outbox = openTab()
  const seen = new Set([outbox.state().entries])
  outbox.subscribe(() => seen.add(outbox.state().entries))
  outbox.add(add('Alpha'), '')
  await outbox.drain()
  outbox.reread()
  assert.deepEqual(
    [...seen].map(({ length }) => length),
    [0, 1, 0],
  )
})

describe('what fails', () => {
  test('stays, each with its reason, while the others go on', async () => {
    answers = (task) => (task === 'Beta' ? succeeded([]) : failed('unreachable'))
    const outbox = openTab()
    for (const task of ['Alpha', 'Beta', 'Gamma']) outbox.add(add(task), '')
    await outbox.drain()
    assert.deepEqual(sent, ['Alpha', 'Beta', 'Gamma'])
    assert.deepEqual(shown(outbox), [
      ['Alpha', 'unreachable'],
      ['Gamma', 'unreachable'],
    ])
  })

  test('is still there after a reload, and is not sent again by itself', async () => {
    answers = () => failed('refused')
    const before = openTab()
    before.add(add('Alpha'), '')
    await before.drain()
    const after = openTab()
    await after.drain()
    assert.deepEqual(shown(after), [['Alpha', 'refused']])
    assert.deepEqual(sent, ['Alpha'])
  })

  test('leaves by its own success only', async () => {
    answers = () => failed('busy')
    const outbox = openTab()
    const { id } = outbox.add(add('Alpha'), '')
    await outbox.drain()
    answers = () => succeeded([])
    outbox.add(add('Beta'), '')
    await outbox.drain()
    assert.deepEqual(shown(outbox), [['Alpha', 'busy']])
    outbox.retry(id)
    await outbox.drain()
    assert.deepEqual(shown(outbox), [])
  })

  test('can be sent again with another text', async () => {
    answers = (task) => (task === 'Alpha' ? failed('full') : succeeded([]))
    const outbox = openTab()
    const { id, change } = outbox.add(add('Alpha'), '')
    await outbox.drain()
    assert(change.type === 'add')
    outbox.retry(id, { ...change, task: 'Alpha 2' })
    await outbox.drain()
    assert.deepEqual(sent, ['Alpha', 'Alpha 2'])
    assert.deepEqual(shown(outbox), [])
  })

  test('is replaced by a newer decision about the same thing, and by nothing else', async () => {
    answers = () => failed('busy')
    const outbox = openTab()
    const [one, two] = [randomUUID(), randomUUID()]
    outbox.add({ type: 'rename', id: one, task: 'first' }, '')
    outbox.add({ type: 'rename', id: two, task: 'other' }, '')
    await outbox.drain()
    answers = () => succeeded([])
    outbox.add({ type: 'complete', id: one, isComplete: true }, '')
    outbox.add({ type: 'rename', id: one, task: 'second' }, '')
    await outbox.drain()
    assert.deepEqual(shown(outbox), [['other', 'busy']])
  })

  test('a todo that was not added keeps its later changes waiting, and takes them along', async () => {
    const id = randomUUID()
    answers = (task) => (task === 'Alpha' ? failed('full') : succeeded([]))
    const outbox = openTab()
    const alpha = outbox.add(add('Alpha', id), '')
    outbox.add({ type: 'rename', id, task: 'renamed' }, '')
    await outbox.drain()
    assert.deepEqual(sent, ['Alpha'])
    outbox.discard(alpha.id)
    assert.deepEqual(shown(outbox), [])
  })
})

describe('a deletion of many', () => {
  const long = ['one', 'two', 'three'].map((id) => ({
    ...alicesTodo(id, 'a1'),
    notes: 'x'.repeat(1_000_000),
  }))
  const clear: Change = { type: 'clear-completed', view: { name: 'mine' } }

  test('that is answered in parts is sent until nothing is left', async () => {
    const parts = [long.slice(0, 2), long.slice(2), []]
    answers = () => succeeded(parts.shift() ?? [])
    const outbox = openTab()
    outbox.add(clear, '')
    await outbox.drain()
    assert.deepEqual(parts, [])
    assert.deepEqual(saved, ['one', 'two', 'three'])
    assert.deepEqual(shown(outbox), [])
  })

  test('asks no more for what is deleted, and keeps the rest when a part fails', async () => {
    const results = [succeeded(long.slice(0, 2)), failed('busy')]
    answers = () => results.shift() ?? failed('unexpected')
    const outbox = openTab()
    const ids = long.map(({ id }) => id)
    const { id } = outbox.add({ type: 'delete-many', ids }, '')
    await outbox.drain()
    const [entry] = outbox.state().entries
    assert.deepEqual(
      [entry?.change, entry?.problem],
      [{ type: 'delete-many', ids: ['three'] }, 'busy'],
    )
    answers = () => succeeded(long.slice(2))
    outbox.retry(id)
    await outbox.drain()
    assert.deepEqual(saved, ['one', 'two', 'three'])
    assert.deepEqual(shown(outbox), [])
  })

  test('that is small is sent once', async () => {
    answers = () => succeeded([alicesTodo('one', 'a1')])
    const outbox = openTab()
    outbox.add(clear, '')
    await outbox.drain()
    assert.deepEqual(sent, ['clear-completed'])
  })
})

describe('offline', () => {
  test('changes wait without being called failed, and go in order when the network is back', async () => {
    isOnline = false
    const outbox = openTab()
    for (const task of ['Alpha', 'Beta', 'Gamma']) outbox.add(add(task), '')
    await outbox.drain()
    assert.deepEqual(sent, [])
    assert.deepEqual(shown(outbox)[0], ['Alpha', null])
    isOnline = true
    await outbox.drain()
    assert.deepEqual(sent, ['Alpha', 'Beta', 'Gamma'])
    assert.deepEqual(shown(outbox), [])
  })

  test('a change that the network was lost under waits again', async () => {
    answers = () => {
      isOnline = false
      return failed('unreachable')
    }
    const outbox = openTab()
    outbox.add(add('Alpha'), '')
    await outbox.drain()
    assert.deepEqual(shown(outbox), [['Alpha', null]])
  })

  test('a change that waits can be taken back, and one that was sent cannot', async () => {
    isOnline = false
    const outbox = openTab()
    const { id } = outbox.add(add('Alpha'), '')
    assert.equal(await outbox.takeBack(id), true)
    assert.deepEqual(shown(outbox), [])
    isOnline = true
    const saved = outbox.add(add('Beta'), '')
    assert.equal(await outbox.takeBack(saved.id), false)
    assert.deepEqual(sent, ['Beta'])
  })
})

describe('two tabs', () => {
  test('send each change once', async () => {
    const [one, two] = [openTab(), openTab()]
    one.add(add('Alpha'), '')
    two.add(add('Beta'), '')
    two.reread()
    await Promise.all([one.drain(), two.drain()])
    assert.deepEqual(sent.toSorted(), ['Alpha', 'Beta'])
    one.reread()
    assert.deepEqual([shown(one), shown(two)], [[], []])
  })

  test('do not lose each other’s entries', () => {
    isOnline = false
    const [one, two] = [openTab(), openTab()]
    one.add(add('Alpha'), '')
    two.add(add('Beta'), '')
    assert.deepEqual(shown(openTab()), [
      ['Alpha', null],
      ['Beta', null],
    ])
  })

  test('a change that a closed tab was sending is sent again', async () => {
    answers = () => new Promise(() => undefined)
    openTab().add(add('Alpha'), '')
    await Promise.resolve()
    // Closing a tab frees its lock.
    exclusively = lock()
    answers = () => succeeded([])
    const next = openTab()
    await next.drain()
    assert.deepEqual(shown(next), [])
  })
})

describe('a session that has ended', () => {
  test('stops the sending and loses nothing', async () => {
    answers = () => failed('signed-out')
    const outbox = openTab()
    for (const task of ['Alpha', 'Beta']) outbox.add(add(task), '')
    await outbox.drain()
    assert.deepEqual(sent, ['Alpha'])
    assert.equal(outbox.state().isSignedOut, true)
    answers = () => succeeded([])
    outbox.resume()
    await outbox.drain()
    assert.deepEqual(sent, ['Alpha', 'Alpha', 'Beta'])
  })

  test('another user of this browser neither sees nor sends the entries', async () => {
    isOnline = false
    const alices = openTab()
    alices.add(add('Alice’s secret'), '')
    await alices.drain()
    isOnline = true
    const bobs = openTab(outboxStorage('bob', () => keyValues(kept), parseEntry))
    await bobs.drain()
    assert.deepEqual([shown(bobs), sent], [[], []])
  })
})

describe('an answer that was lost', () => {
  test('is found out by sending the same change again', async () => {
    answers = () => (sent.length === 1 ? failed('unknown-outcome') : succeeded([]))
    const outbox = openTab()
    outbox.add(add('Alpha'), '')
    await outbox.drain()
    assert.deepEqual([sent, shown(outbox)], [['Alpha', 'Alpha'], []])
  })

  test('that cannot be found out is said so', async () => {
    answers = () => failed('unknown-outcome')
    const outbox = openTab()
    outbox.add(add('Alpha'), '')
    await outbox.drain()
    assert.deepEqual(shown(outbox), [['Alpha', 'unknown-outcome']])
  })

  test('deleting what is gone is done', async () => {
    answers = () => failed('gone')
    const outbox = openTab()
    outbox.add({ type: 'delete', id: randomUUID() }, '')
    await outbox.drain()
    assert.deepEqual(shown(outbox), [])
  })
})

describe('storage', () => {
  test('that is full or forbidden keeps the entries in memory, and says so', async () => {
    const deny = () => {
      throw new DOMException('denied', 'SecurityError')
    }
    const forbidden = outboxStorage('alice', deny, parseEntry)
    isOnline = false
    const outbox = openTab(forbidden)
    outbox.add(add('Alpha'), '')
    assert.equal(outbox.state().isKept, false)
    isOnline = true
    await outbox.drain()
    assert.deepEqual([sent, outbox.state().isKept], [['Alpha'], true])
  })

  test('that holds something else is not trusted', () => {
    const drop = JSON.stringify({ id: randomUUID(), order: 1, change: { type: 'drop' } })
    kept.set('outbox:alice:1', '{')
    kept.set('outbox:alice:2', drop)
    assert.deepEqual(shown(openTab()), [])
  })

  test('a clock that was set back does not change the order', () => {
    isOnline = false
    const outbox = openTab()
    outbox.add(add('Alpha'), '')
    const [key, text] = [...kept][0] ?? ['', '']
    kept.set(key, text.replace(/"order":\d+/, '"order":99999999999999'))
    outbox.reread()
    outbox.add(add('Beta'), '')
    assert.deepEqual(
      shown(outbox).map(([task]) => task),
      ['Alpha', 'Beta'],
    )
  })
})
