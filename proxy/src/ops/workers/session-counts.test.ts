import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { InFlight } from '../../limits/in-flight'
import { SessionTotals, shareSessions, type SessionCounts } from './session-counts'

/** Workers with a limit of three, and the primary process between them. */
function workersOf(count: number) {
  const totals = new SessionTotals<{ readonly take: (counts: SessionCounts) => void }>()
  const all: { readonly sessions: InFlight; readonly take: (counts: SessionCounts) => void }[] = []
  const tellOthers = (users: readonly string[]) => {
    for (const one of all) one.take(totals.elsewhere(one, users))
  }
  const start = () => {
    const sessions = new InFlight(3, 'sessions')
    const take = shareSessions(sessions, (counts) => {
      tellOthers(totals.set(worker, counts))
    })
    const worker = { sessions, take }
    all.push(worker)
    take(totals.elsewhere(worker))
    return worker
  }
  return {
    workers: Array.from({ length: count }, start),
    start,
    kill: (worker: (typeof all)[number]) => {
      all.splice(all.indexOf(worker), 1)
      tellOthers(totals.end(worker))
    },
  }
}

const TOO_MANY = /too many sessions of this user/

test('a user has no more sessions in all workers together than the limit', async () => {
  const [one, two] = workersOf(2).workers
  assert.ok(one && two)
  const places = [one.sessions.enter('bob'), one.sessions.enter('bob')]
  await setImmediate()
  two.sessions.enter('bob')
  assert.throws(() => two.sessions.enter('bob'), TOO_MANY)
  two.sessions.enter('alice')
  await setImmediate()
  assert.throws(() => one.sessions.enter('bob'), TOO_MANY)
  for (const place of places) place.leave()
  await setImmediate()
  two.sessions.enter('bob')
})

test('the sessions of a worker that has died do not count, and its successor knows the others’', async () => {
  const { workers, kill, start } = workersOf(2)
  const [one, two] = workers
  assert.ok(one && two)
  for (let i = 0; i < 2; i++) one.sessions.enter('bob')
  two.sessions.enter('bob')
  await setImmediate()
  assert.throws(() => two.sessions.enter('bob'), TOO_MANY)
  kill(one)
  two.sessions.enter('bob')
  await setImmediate()
  const next = start()
  next.sessions.enter('bob')
  assert.throws(() => next.sessions.enter('bob'), TOO_MANY)
})
