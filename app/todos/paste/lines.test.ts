import assert from 'node:assert/strict'
import { test } from 'node:test'
import { todosFromLines } from './lines'

const tasks = (text: string) => todosFromLines(text).map(({ task }) => task)

test('each line with text is a todo, whatever ends it', () => {
  assert.deepEqual(tasks('Milk\r\n\n  Bread  \rEggs\n'), ['Milk', 'Bread', 'Eggs'])
})

test('bullets and numbers are not part of the text', () => {
  assert.deepEqual(tasks('- Milk\n* Bread\n• Eggs\n1. Salt\n12) Oil'), [
    'Milk',
    'Bread',
    'Eggs',
    'Salt',
    'Oil',
  ])
})

test('a checkbox says whether the todo is complete', () => {
  assert.deepEqual(todosFromLines('- [ ] Milk\n- [x] Bread\n[X] Eggs\n☐ Salt\n☑ Oil\n[] Tea'), [
    { task: 'Milk', isComplete: false },
    { task: 'Bread', isComplete: true },
    { task: 'Eggs', isComplete: true },
    { task: 'Salt', isComplete: false },
    { task: 'Oil', isComplete: true },
    { task: 'Tea', isComplete: false },
  ])
})

test('text that only begins like a bullet is kept', () => {
  const lines = ['-5 degrees', '3.5 litres of milk', '[draft] letter', '2026 plans', '*bold*']
  assert.deepEqual(tasks(lines.join('\n')), lines)
})

test('lines of bullets and spaces only are no todos', () => {
  assert.deepEqual(tasks(' \n\t\n- [ ] \n[x]'), [])
})
