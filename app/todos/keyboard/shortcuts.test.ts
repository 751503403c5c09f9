import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyNames, shortcutFor, shortcutIds, shortcuts, type Keys, type Place } from './shortcuts'

const press = (key: string, more: Partial<Keys> = {}): Keys => ({
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  isComposing: false,
  ...more,
})
const page: Place = { isField: false, isControl: false, isInLayer: false, isInRow: false }
const row = { ...page, isInRow: true }

test('no two shortcuts have the same keys', () => {
  const keys = shortcutIds.flatMap((id) => [...shortcuts[id].keys])
  assert.equal(new Set(keys).size, keys.length)
})

test('keys find their shortcut', () => {
  assert.equal(shortcutFor(press('n'), page), 'new')
  assert.equal(shortcutFor(press('?', { shiftKey: true }), page), 'help')
  assert.equal(shortcutFor(press('/'), page), 'search')
  assert.equal(shortcutFor(press('/', { shiftKey: true }), page), 'search')
  assert.equal(shortcutFor(press('ArrowUp', { altKey: true }), row), 'moveUp')
  assert.equal(shortcutFor(press('ArrowUp', { shiftKey: true }), row), 'selectUp')
  assert.equal(shortcutFor(press('k'), row), 'previous')
})

test('Cmd and Ctrl are the same, and with them a letter is another shortcut or the browser’s own', () => {
  assert.equal(shortcutFor(press('k', { metaKey: true }), page), 'palette')
  assert.equal(shortcutFor(press('k', { ctrlKey: true }), page), 'palette')
  assert.equal(shortcutFor(press('n', { ctrlKey: true }), page), null)
  assert.equal(shortcutFor(press('e', { altKey: true }), row), null)
  assert.equal(shortcutFor(press('X', { shiftKey: true }), row), null)
})

test('nothing happens in a dialog or while someone types or composes, but for the palette', () => {
  const field = { ...row, isField: true }
  for (const id of shortcutIds) {
    for (const keys of shortcuts[id].keys) {
      const parts = keys.split('+')
      const key = press(parts.pop() ?? '', {
        altKey: parts.includes('Alt'),
        ctrlKey: parts.includes('Mod'),
        shiftKey: parts.includes('Shift'),
      })
      assert.equal(shortcutFor(key, row), id)
      assert.equal(shortcutFor(key, field), id === 'palette' ? id : null)
      assert.equal(shortcutFor(key, { ...row, isInLayer: true }), null)
      assert.equal(shortcutFor({ ...key, isComposing: true }, row), null)
    }
  }
})

test('a shortcut for a todo needs one in focus', () => {
  assert.equal(shortcutFor(press('e'), page), null)
  assert.equal(shortcutFor(press('Delete'), page), null)
})

test('Space and Enter on a button press the button', () => {
  const button = { ...row, isControl: true }
  assert.equal(shortcutFor(press(' '), button), null)
  assert.equal(shortcutFor(press('Enter'), button), null)
  assert.equal(shortcutFor(press('e'), button), 'edit')
})

test('keys are named as they stand on the keyboard', () => {
  assert.deepEqual(keyNames('Mod+k', true), ['⌘', 'K'])
  assert.deepEqual(keyNames('Mod+k', false), ['Ctrl', 'K'])
  assert.deepEqual(keyNames('Alt+ArrowUp', false), ['Alt', '↑'])
  assert.deepEqual(keyNames(' ', false), ['Space'])
})
