import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePlace, pathIn, placeOf } from './place'

test('a path says where its SQL runs', () => {
  assert.equal(placeOf('/server'), 'server')
  assert.equal(placeOf('/browser/lists/1'), 'browser')
  for (const path of ['/', '/account', '/servers', '/join/server']) {
    assert.equal(placeOf(path), undefined, path)
  }
})

test('the other place shows the same view', () => {
  assert.equal(pathIn('browser', '/server'), '/browser')
  assert.equal(pathIn('server', '/browser/lists/1'), '/server/lists/1')
  assert.equal(pathIn('browser', '/browser/today'), '/browser/today')
  assert.equal(pathIn('browser', '/account'), '/browser')
})

test('a cookie that names no place is no choice', () => {
  for (const value of ['', 'Server', 'browser/..', undefined]) {
    assert.equal(parsePlace(value), undefined)
  }
})
