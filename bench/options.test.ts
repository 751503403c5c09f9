import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UserError } from '../dev/user-error'
import { readOptions } from './options'

const KNOWN = ['list', 'write', 'memory']
const refusal = (message: RegExp) => (error: unknown) =>
  error instanceof UserError && message.test(error.message)

test('without names everything is measured', () => {
  const { names, isAll } = readOptions([], KNOWN)
  assert.deepEqual({ names, isAll }, { names: KNOWN, isAll: true })
})

test('measurements are made in their own order, however they were named', () => {
  assert.deepEqual(readOptions(['write', 'list'], KNOWN).names, ['list', 'write'])
})

test('options may stand before and after names', () => {
  const options = readOptions(['--quick', 'list', '--minutes', '0.5'], KNOWN)
  assert.deepEqual(options, {
    ...{ names: ['list'], isAll: false, isQuick: true, minutes: 0.5, floods: [] },
  })
})

test('kinds of flood are separated by commas', () => {
  assert.deepEqual(readOptions(['list', '--floods', 'heavy,big-json'], KNOWN).floods, [
    'heavy',
    'big-json',
  ])
})

test('a measurement that does not exist is refused with the ones that do', () => {
  assert.throws(() => readOptions(['lists'], KNOWN), refusal(/“lists”.*list, write, memory/))
})

test('an unknown option is refused with the ones there are', () => {
  assert.throws(() => readOptions(['--fast'], KNOWN), refusal(/--fast.*--quick, --minutes/))
})

for (const text of ['soon', '0', '-1']) {
  test(`“${text}” is refused as a number of minutes`, () => {
    assert.throws(() => readOptions([`--minutes=${text}`], KNOWN), refusal(/not a number/))
  })
}
