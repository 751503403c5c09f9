import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cancellation } from '../cancellation'
import { Semaphore } from './semaphore'

const full = () => new Error('full')
const never = new Cancellation()

test('a returned place goes to the longest waiter', async () => {
  const slots = new Semaphore(1, 2, full)
  const entered: string[] = []
  await slots.take(never)
  const waiting = ['first', 'second'].map((name) =>
    slots.take(never).then(() => entered.push(name)),
  )
  slots.give()
  await waiting[0]
  assert.deepEqual(entered, ['first'])
  slots.give()
  await waiting[1]
  assert.deepEqual(entered, ['first', 'second'])
})

test('the queue is bounded, and a waiter that leaves makes room', async () => {
  const slots = new Semaphore(1, 1, full)
  await slots.take(never)
  const leaving = new Cancellation()
  const waiting = slots.take(leaving)
  await assert.rejects(slots.take(never), /full/)
  leaving.cancel(new Error('left'))
  await assert.rejects(waiting, /left/)
  const next = slots.take(never)
  slots.give()
  await next
})

test('a cancelled waiter gets no place', async () => {
  const slots = new Semaphore(1, 1, full)
  const left = new Cancellation()
  left.cancel(new Error('left'))
  await assert.rejects(slots.take(left), /left/)
  await slots.take(never)
})
