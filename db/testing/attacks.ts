/** What a user who may send any SQL would try against a table in which Alice has rows. */
import { escapeLiteral } from 'pg'
import { seal } from '../../proxy/test/testing/as-user'
import type { Row, Subject } from './subject'

export type Attack = {
  /** Completes “Bob cannot …”. */
  readonly name: string
  /** Run in one transaction. */
  readonly statements: readonly string[]
  /** Oldest major version that knows the statement. */
  readonly since: number
}

/** One row of each, as they are in the table. */
export type TargetRows = { readonly alices: Row; readonly bobs: Row }

export function attacksOn(subject: Subject, { alices, bobs }: TargetRows): Attack[] {
  const { name: t, owner, free, key, people, oneEach } = subject
  const alice = escapeLiteral(people.alice)
  const bob = escapeLiteral(people.bob)
  // Where a user has one row at most, a second row of Alice's would break that rule, not a policy.
  const victim = oneEach ? people.carol : people.alice
  const heirs = oneEach ? people.carol : people.bob
  const planted = new Map(subject.row('alice', 4)).set(owner, escapeLiteral(victim))
  const stolen = new Map(subject.row('bob', 4))
  for (const column of key) stolen.set(column, alices.get(column) ?? 'null')
  const renewed = new Map(subject.row('bob', 5))
  for (const column of key) renewed.set(column, bobs.get(column) ?? 'null')
  const hers = where(key, alices, `${owner} = ${alice}`)
  const his = where(key, bobs, `${owner} = ${bob}`)
  const changed = planted.get(free) ?? free
  const forged = seal(Buffer.alloc(32, 9).toString('base64'), { sub: people.alice, exp: 4e9 })
  const claims = escapeLiteral(JSON.stringify({ sub: people.alice, exp: 4e9 }))
  const insert = (row: Row) => insertInto(subject, row)
  const conflict = `on conflict (${key.join(', ')})`

  return [
    // read
    attack('read all rows', `select * from ${t}`),
    attack('read a row by its key', `select * from ${t} where ${hers}`),
    attack('read rows by their owner', `select * from ${t} where ${owner} = ${alice}`),
    attack('read through a subquery', `select * from (select * from ${t} offset 0) as everything`),
    attack(
      'read through a CTE',
      `with everything as (select * from ${t}) select * from everything`,
    ),
    attack('read while locking', `select * from ${t} for update`),
    attack(
      'learn whether Alice has rows',
      `select ${alice} as fact where exists (select from ${t} where ${owner} = ${alice})`,
    ),
    attack(
      'read from an error message',
      `select * from ${t} where case when ${owner} <> ${bob} then ${owner}::text::int > 0 end`,
    ),
    attack('copy the table out', `copy ${t} to stdout`),
    attack('copy a query out', `copy (select * from ${t}) to stdout`),
    attack('read through a cursor', `declare c cursor for select * from ${t}`, 'fetch all from c'),
    attack(
      'read the planner’s statistics',
      `select * from pg_stats where schemaname = ${escapeLiteral(subject.schema)} and tablename = ${escapeLiteral(subject.table)}`,
    ),

    // insert
    attack('plant a row', insert(planted)),
    attack('plant a row and see it', `${insert(planted)} returning *`),
    attack('plant a row through a query', insertSelect(subject, planted)),
    attack('plant a row with ON CONFLICT DO NOTHING', `${insert(planted)} on conflict do nothing`),
    ...(key.length === 0
      ? []
      : [
          attack(
            'overwrite with ON CONFLICT DO UPDATE',
            `${insert(stolen)} ${conflict} do update set ${free} = excluded.${free} returning *`,
          ),
          attack(
            'take over with ON CONFLICT DO UPDATE',
            `${insert(stolen)} ${conflict} do update set ${owner} = ${escapeLiteral(heirs)}`,
          ),
          attack(
            'give a row away with ON CONFLICT DO UPDATE',
            `${insert(renewed)} ${conflict} do update set ${owner} = ${escapeLiteral(victim)}`,
          ),
        ]),
    attack('copy rows in', `copy ${t} (${[...planted.keys()].join(', ')}) from stdin`),

    // update
    attack('update all rows', `update ${t} set ${free} = ${changed}`),
    attack('update and see', `update ${t} set ${free} = ${free} where ${hers} returning *`),
    attack('take a row over', `update ${t} set ${owner} = ${escapeLiteral(heirs)} where ${hers}`),
    attack(
      'take everything over',
      ...(oneEach ? [`delete from ${t} where ${his}`] : []),
      `update ${t} set ${owner} = ${bob}`,
    ),
    attack('give a row away', `update ${t} set ${owner} = ${escapeLiteral(victim)} where ${his}`),
    attack(
      'give everything away',
      ...(oneEach ? [`delete from ${t} where ${hers}`] : []),
      `update ${t} set ${owner} = ${escapeLiteral(victim)}`,
    ),

    // delete
    attack('delete all rows', `delete from ${t}`),
    attack('delete a row and see it', `delete from ${t} where ${hers} returning *`),
    attack(
      'delete with the help of another table',
      `delete from ${t} using (values (${alice})) as other (id) where ${owner}::text = other.id`,
    ),
    attack('truncate', `truncate ${t} cascade`),

    // merge
    merge(
      'merge a change in',
      `merge into ${t} using (values (1)) as source (n) on ${owner} = ${alice}
       when matched then update set ${owner} = ${escapeLiteral(heirs)}`,
    ),
    merge(
      'merge a deletion in',
      `merge into ${t} using (values (1)) as source (n) on ${owner} = ${alice}
       when matched then delete`,
    ),
    merge(
      'merge a planted row in',
      `merge into ${t} using (values (1)) as source (n) on false
       when not matched then insert (${[...planted.keys()].join(', ')}) values (${[...planted.values()].join(', ')})`,
    ),

    // pretend
    attack('forge an identity', `set local auth.session_token = '${forged}'`, `select * from ${t}`),
    attack(
      'claim to be Alice in a setting',
      `set local request.jwt.claims = ${claims}`,
      `set local auth.user_id = ${alice}`,
      `select * from ${t}`,
    ),
    attack('leave the role', 'reset role', `select * from ${t}`),
    attack('take the proxy’s role', 'set local role authenticator', `delete from ${t}`),
  ]
}

export function insertInto({ name, hasAssignedKey }: Subject, row: Row): string {
  const overriding = hasAssignedKey ? 'overriding system value' : ''
  return `insert into ${name} (${[...row.keys()].join(', ')}) ${overriding} values (${[...row.values()].join(', ')})`
}

function insertSelect({ name, hasAssignedKey }: Subject, row: Row): string {
  const overriding = hasAssignedKey ? 'overriding system value' : ''
  return `insert into ${name} (${[...row.keys()].join(', ')}) ${overriding} select ${[...row.values()].join(', ')}`
}

/** `instead` is for a table without a key. */
function where(key: readonly string[], row: Row, instead: string): string {
  if (key.length === 0) return instead
  return key.map((column) => `${column} = ${row.get(column) ?? 'null'}`).join(' and ')
}

const attack = (name: string, ...statements: string[]): Attack => ({ name, statements, since: 0 })
const merge = (name: string, statement: string): Attack => ({
  name,
  statements: [statement],
  since: 15,
})
