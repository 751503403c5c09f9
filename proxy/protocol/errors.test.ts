import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestProxy, type TestProxy } from '../testing/proxy'

let proxy: TestProxy
before(async () => {
  proxy = await startTestProxy()
})
after(() => proxy.stop())

const MEMBERS =
  'message,code,detail,hint,position,internalPosition,internalQuery,severity,where,table,column,schema,dataType,constraint,file,line,routine'

test('an error has exactly the 17 members, whoever it comes from', async () => {
  const fromPostgres = await proxy.post({ query: 'select 1 / 0' })
  const fromUs = await proxy.post({ query: 'select 1' }, { token: null })
  const fromGate = await proxy.post({ query: 'reset role' })
  for (const { status, json } of [fromPostgres, fromUs, fromGate]) {
    assert.equal(status, 400)
    assert.equal(Object.keys(json).join(), MEMBERS)
  }
  assert.equal(fromPostgres.json.code, '22012')
  assert.equal(fromPostgres.headers.get('proxy-error-code'), 'postgres_error')
  assert.deepEqual([fromUs.json.code, fromUs.json.severity], ['', ''])
  assert.equal(fromUs.headers.get('proxy-error-code'), 'credentials_missing')
  assert.equal(fromGate.headers.get('proxy-error-code'), 'statement_refused')
})
