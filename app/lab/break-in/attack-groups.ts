/** The attacks of the proxy's tests, grouped by what the attacker is after, on the table of the app. */
import {
  FORGED,
  mapStatements,
  type Attack as TestedAttack,
  type Sql,
} from '@/proxy/attacks/attack'
import { CLAIMS_BY_FUNCTION, CLAIMS_BY_SET } from '@/proxy/attacks/claims'
import { ENDLESS } from '@/proxy/attacks/endless'
import { OBJECTS, SEARCH_PATH, SIDE_DOORS } from '@/proxy/attacks/objects'
import { CATALOGS, OTHERS_WORK } from '@/proxy/attacks/others'
import { ROLES, RULES } from '@/proxy/attacks/roles'
import { COLUMNS, PATTERNS, READS, WRITES } from '@/proxy/attacks/rows'
import type { Defence } from '../attempt/defences'

export type Attack = {
  /** Stays the same as long as no attack before it is added or removed. */
  readonly id: string
  readonly sql: Sql
  /** What should stop it. */
  readonly by: Defence
  /** What would stop it if that did not, as a sentence. */
  readonly behind: string
  /** Whether it names a user that there is in the scratch database alone. */
  readonly needsWorld: boolean
}

export type AttackGroup = {
  readonly id: string
  readonly title: string
  readonly aim: string
  readonly attacks: readonly Attack[]
}

/** The tests attack a table `memos (body, is_archived)`. */
const IN_TODOS: Readonly<Record<string, string>> = {
  memos: 'todos',
  memos_pkey: 'todos_pkey',
  memos_copy: 'todos_copy',
  body: 'task',
  is_archived: 'is_complete',
}

/** The attacker and the victim. */
export type Cast = {
  /** A user's id. */
  readonly attacker: string
  /** Null where no other user is known. */
  readonly victim: { readonly id: string; readonly name: string } | null
}

export const CAST_OF_WORLD = { attacker: 'bob', victim: { id: 'alice', name: 'Alice' } } as const

const LAST = 'It is the last layer, so its rules are tested one by one.'
const THEN_POLICY = 'Without that, the policy would leave only your own rows.'

/** An attack keeps its id for every attacker. */
export function attackGroups(cast: Cast): readonly AttackGroup[] {
  const group = groupFor(cast)
  const { name } = cast.victim ?? CAST_OF_WORLD.victim
  return [
    group('read', 'Read everyone’s rows', 'The statement is allowed. Whose rows does it find?', [
      ...READS.map((sql) => [sql, 'policy', LAST] as const),
      ...PATTERNS.map((sql) => [sql, 'gate', THEN_POLICY] as const),
    ]),
    group(
      'write',
      'Write as someone else',
      `Change ${name}’s rows, take them, or plant one among them.`,
      [
        ...WRITES.map((sql) => [sql, 'policy', LAST] as const),
        ...COLUMNS.map((sql) => [sql, 'grant', THEN_POLICY] as const),
      ],
    ),
    group('claims', 'Forge claims', `Tell Postgres that you are ${name}.`, [
      ...ofGate(CLAIMS_BY_SET),
      ...ofGate(CLAIMS_BY_FUNCTION),
    ]),
    group('role', 'Switch the role', 'Leave the role that policies apply to.', ofGate(ROLES)),
    group('rules', 'Drop the policy', 'Change the rules instead of breaking them.', ofGate(RULES)),
    group('traps', 'Set a trap', `Make something that ${name}’s requests run into.`, [
      ...ofGate(OBJECTS),
      ...ofGate(SEARCH_PATH),
    ]),
    group('doors', 'Find a side door', 'Files, large objects, COPY, a second statement.', [
      ...ofGate(SIDE_DOORS),
    ]),
    group(
      'catalog',
      'Ask the catalog',
      'Statistics, sizes, plans and settings tell about others.',
      [...ofGate(CATALOGS)],
    ),
    group('others', 'Disturb the others', 'See their statements, stop them, hold them up.', [
      ...ofGate(OTHERS_WORK),
    ]),
    group(
      'exhaust',
      'Exhaust the machine',
      'Statements that do not end, answers that fill memory.',
      [
        ...ENDLESS.map(
          ([sql]) => [sql, 'limit', 'Behind it is only the size of the machine.'] as const,
        ),
      ],
    ),
  ]
}

export const ATTACK_GROUPS = attackGroups(CAST_OF_WORLD)

export const ALL_ATTACKS = ATTACK_GROUPS.flatMap(({ attacks }) => attacks)

type Row = readonly [sql: Sql, by: Defence, behind: string]

function groupFor(cast: Cast) {
  return (id: string, title: string, aim: string, rows: readonly Row[]): AttackGroup => {
    const attacks = rows.map(([sql, by, behind], index) => ({
      id: `${id}-${index + 1}`,
      sql: mapStatements(sql, (statement) => onTodos(statement, cast)),
      needsWorld: cast.victim === null && [sql].flat().some(namesVictim),
      by,
      behind,
    }))
    return { id, title, aim, attacks }
  }
}

function namesVictim(sql: string): boolean {
  return sql.includes('alice') || sql.includes(FORGED)
}

/** The gate refuses each; the tests run each without it, too. */
function ofGate(attacks: readonly TestedAttack[]): readonly Row[] {
  return attacks.map(([sql, outcome]) => [sql, 'gate', behindGate(outcome)])
}

function behindGate(outcome: string): string {
  if (outcome === '42501') return 'Without that, the grants would: the role may not do it.'
  if (outcome === '28000') return 'Without that, the seal would: Postgres would not believe it.'
  if (outcome === 'harmless') return 'Without that, it would run, and gain nothing.'
  if (outcome === 'happens') return 'Without that, it would run. It has no row of others.'
  return `Without that, Postgres would refuse it by itself, with the code ${outcome}.`
}

/** The tests call the attacker bob and the victim alice. */
function onTodos(sql: string, { attacker, victim }: Cast): string {
  const { id } = victim ?? CAST_OF_WORLD.victim
  return sql
    .replace(/\b(memos(_pkey|_copy)?|body|is_archived)\b/g, (name) => IN_TODOS[name] ?? name)
    .replaceAll(`'bob'`, () => `'${quoted(attacker)}'`)
    .replaceAll(`'alice'`, () => `'${quoted(id)}'`)
    .replaceAll(`"alice"`, () => quoted(JSON.stringify(id)))
    .replaceAll(FORGED, () => quoted(sealOfNobody(id)))
}

function quoted(text: string): string {
  return text.replaceAll(`'`, `''`)
}

/** Well formed, and sealed by nobody: key id, seal, expiry, length of the subject, subject, claims. */
function sealOfNobody(sub: string): string {
  const length = String(Array.from(sub).length).padStart(4, '0')
  return `${'0'.repeat(8)}${'f'.repeat(64)}${'9'.repeat(11)}${length}${sub}${JSON.stringify({ sub })}`
}
