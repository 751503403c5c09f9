/** The kinds of flood: what an attacker with valid tokens sends, and how often; see SECURITY.md. */
import { randomBytes } from 'node:crypto'

/** What one user sends; several accounts together send `TOGETHER` times as much. */
export type Kind = {
  readonly name: string
  readonly what: string
  readonly perSecond: number
  /** Requests in flight at once. */
  readonly connections: number
  /** The client hangs up after this many milliseconds. */
  readonly abandonAfterMs?: number
  /** The signature of the token is not the issuer's. */
  readonly isForged?: boolean
  /** Headers or a body that arrive byte by byte and never end. */
  readonly transport?: 'trickled-headers' | 'trickled-body'
  readonly body: () => string
}

export const TOGETHER = 3
export const ACCOUNTS = 30

const nonce = () => randomBytes(12).toString('hex')
const single = (query: string) => JSON.stringify({ query })

/** About this many bytes of ordinary SQL, which the parser has to read in full. */
function ordinarySql(bytes: number): string {
  const columns: string[] = []
  let length = 0
  for (let i = 0; length < bytes; i++) {
    const column = `coalesce(nullif(length(task) + ${i}, 7), 0) as c${i}`
    columns.push(column)
    length += column.length + 2
  }
  return `select ${columns.join(', ')} from todos`
}

const SQL_10_KB = ordinarySql(10_000)
const SQL_2_KB = ordinarySql(2_000)
const MULTI_ASSIGNMENT = `update todos set (${Array<string>(700).fill('task').join(',')}) = row(${Array<string>(700).fill('1').join(',')}) where id = `
/** 10 MB of small arrays, created when they are first sent. */
let bigJson: string | undefined

export const KINDS: readonly Kind[] = [
  {
    name: 'fresh-sql',
    what: '10 kB of SQL that the proxy has not seen before',
    perSecond: 60,
    connections: 10,
    body: () => single(`${SQL_10_KB} where task = '${nonce()}'`),
  },
  {
    name: 'multi-assignment',
    what: '5 kB whose parse tree is a thousand times as large',
    perSecond: 10,
    connections: 10,
    body: () => single(`${MULTI_ASSIGNMENT}'${nonce()}'`),
  },
  {
    name: 'big-json',
    what: 'bodies of 10 MB made of small arrays',
    perSecond: 2,
    connections: 4,
    body: () =>
      (bigJson ??= `{"query":"select 1","params":[[${'[1],'.repeat(2_600_000).slice(0, -1)}]]}`),
  },
  {
    name: 'refused-batch',
    what: 'batches of 100 kB, of which the first statement is refused at once',
    perSecond: 10,
    connections: 10,
    body: () =>
      JSON.stringify({
        queries: [
          { query: 'select pg_sleep(1)' },
          ...Array.from({ length: 45 }, () => ({ query: `${SQL_2_KB} where task = '${nonce()}'` })),
        ],
      }),
  },
  {
    name: 'abandoned',
    what: 'statements of 0.1 s, given up after 12 ms',
    perSecond: 140,
    connections: 10,
    abandonAfterMs: 12,
    body: () => single('select count(*) from generate_series(1, 1000000)'),
  },
  {
    name: 'too-large',
    what: 'answers with more rows than PROXY_MAX_ROWS',
    perSecond: 10,
    connections: 10,
    body: () => single('select * from generate_series(1, 100001)'),
  },
  {
    name: 'heavy',
    what: 'statements that compute for ten seconds or more',
    perSecond: 100,
    connections: 10,
    body: () => single('select count(*) from generate_series(1, 100000000)'),
  },
  {
    name: 'errors',
    what: 'statements that fail in Postgres, in a batch that is rolled back',
    perSecond: 200,
    connections: 10,
    body: () =>
      JSON.stringify({
        queries: [{ query: 'select 1' }, { query: 'select 1 / (length(now()::text) * 0)' }],
      }),
  },
  {
    name: 'requests',
    what: 'the list, again and again',
    perSecond: 500,
    connections: 10,
    body: () => single('select id, task from todos order by inserted_at'),
  },
  {
    name: 'forged-tokens',
    what: 'tokens with a signature that nobody made',
    perSecond: 500,
    connections: 10,
    isForged: true,
    body: () => single('select 1'),
  },
  {
    name: 'trickled-headers',
    what: 'connections whose headers come a byte at a time',
    perSecond: 200,
    connections: 400,
    transport: 'trickled-headers',
    body: () => '',
  },
  {
    name: 'trickled-body',
    what: 'bodies that come a byte at a time',
    perSecond: 200,
    connections: 400,
    transport: 'trickled-body',
    body: () => '',
  },
]
