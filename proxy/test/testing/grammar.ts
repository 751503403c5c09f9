/** Generates SQL of an attacker who wants others' rows. Most of it runs; some is nonsense. */
import fc, { type Arbitrary } from 'fast-check'
import * as words from './grammar-words'

export type Generated = { readonly sql: string; readonly params: readonly string[] }

type Part = string | Arbitrary<string>
type Choice = readonly [weight: number, arbitrary: Arbitrary<string>]

const oneOf = (texts: readonly string[]) => fc.constantFrom(...texts)
const either = (...texts: string[]) => oneOf(texts)

/** SQL`select ${column} from memos`: text with generated parts. */
function SQL(texts: TemplateStringsArray, ...parts: Part[]): Arbitrary<string> {
  const made = parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))
  return fc.tuple(...made).map((values) => String.raw({ raw: texts }, ...values))
}

const choose = (...choices: Choice[]) =>
  fc.oneof(
    { maxDepth: 3, depthIdentifier: 'sql' },
    ...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })),
  )

const column = oneOf(words.COLUMNS)
const operator = oneOf(words.OPERATORS)
const literal = oneOf(words.LITERALS)

const { friendly } = fc.letrec<{ friendly: string }>((tie) => {
  const x = tie('friendly')
  return {
    friendly: choose(
      [5, column],
      [4, literal],
      [1, either('t', 't.*', 't::text', 'row(t.*)', '*')],
      [3, SQL`${oneOf(words.FUNCTIONS)}((${x})::text)`],
      [2, SQL`(${x})::${oneOf(words.TYPES)}`],
      [3, SQL`(${x})::text ${operator} (${x})::text`],
      [1, SQL`1 / (length((${x})::text) - 20)`],
      [1, SQL`case when (${x}) is null then (${x})::text else 'x' end`],
      [1, SQL`coalesce((${x})::text, 'none')`],
      [1, SQL`(select ${oneOf(words.AGGREGATES)}(${x}) from memos t)`],
      [1, SQL`exists (select from memos t where (${x}) is not null)`],
      [1, SQL`lag(${column}) over (order by ${column})`],
    ),
  }
})

const expression = choose([7, friendly], [1, oneOf(words.HOSTILE_CALLS)])
const source = choose([12, oneOf(words.SOURCES)], [1, oneOf(words.HOSTILE_SOURCES)])
const condition = choose(
  [2, fc.constant('true')],
  [3, SQL`(${expression}) is not null`],
  [2, SQL`(${column})::text ${operator} (${literal})::text`],
)
const rest = either('', '', 'order by 1', 'limit 3', 'for update', 'offset 0', 'group by 1')
const select = SQL`select ${expression} from ${source} where ${condition} ${rest}`
const value = choose([3, either(`'bobs'`, `left(md5('x'), 9)`)], [1, SQL`(${friendly})::text`])

const statement = choose(
  [8, select],
  [1, SQL`(${select}) ${either('union', 'union all', 'except')} select ${column} from memos t`],
  [2, SQL`with w as ${either('', 'materialized', 'not materialized')} (${select}) table w`],
  [1, SQL`with w as (update memos t set body = ${value} where ${condition} returning *) table w`],
  [2, SQL`update memos t set body = ${value} where ${condition} ${either('', 'returning old.*')}`],
  [1, SQL`update memos t set ${either('is_archived', 'user_id', 'id')} = (${friendly})`],
  [1, SQL`delete from memos t where ${condition} ${either('', 'returning t.*')}`],
  [2, SQL`insert into memos (user_id, body) values (${literal}, ${value}) returning *`],
  [2, SQL`insert into memos (body) values (${value}) returning *`],
  [1, SQL`insert into memos (body) select (${column})::text from ${source} returning *`],
  [
    1,
    SQL`merge into memos t using (values ('alice')) s(u) on ${condition}
      when matched then update set body = 'merged' when not matched then insert (body) values ('new')`,
  ],
  [1, oneOf(words.COMMANDS)],
)

const param = either('alice', 'bob', '%', '42', `' or true --`)

/** A statement with generated blanks and comments, and its parameters. */
export const generated: Arbitrary<Generated> = fc
  .tuple(statement, oneOf(words.SPACES), param, param)
  .map(([text, space, ...params]) => ({
    sql: text.replaceAll(' from ', `${space}from${space}`),
    params: params.slice(0, text.includes('$2') ? 2 : text.includes('$1') ? 1 : 0),
  }))
