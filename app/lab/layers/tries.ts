/** The attacks and the worlds of this room: each attack meets every world, whatever is missing there. */
import { ALL_ATTACKS, type Attack } from '../break-in/attack-groups'
import { LAYERS, VARIANTS, type Layer, type NewWorld, type Variant } from '../service/api'

export type World = { readonly name: string; readonly missing: readonly Layer[] }

/** Two layers together after each of them alone. */
const PRESETS: readonly World[] = [
  preset('as shipped'),
  preset('gate off'),
  preset('grants open'),
  { name: 'gate off and grants open', missing: ['gate', 'grants'] },
  preset('policy loosened'),
  preset('id in a setting'),
]

/** The worlds that everyone compares, and one in which more is missing, if that is another. */
export function worldsWith(chosen: readonly Layer[]): readonly World[] {
  const isKnown = PRESETS.some(({ missing }) => sameLayers(missing, chosen))
  return isKnown ? PRESETS : [{ name: 'as you chose', missing: chosen }, ...PRESETS]
}

export function orderOf({ missing }: World): NewWorld {
  return { variant: 'as shipped' satisfies Variant, missing: [...missing] }
}

function preset(name: keyof typeof VARIANTS): World {
  return { name, missing: VARIANTS[name] }
}

function sameLayers(some: readonly Layer[], others: readonly Layer[]): boolean {
  return LAYERS.every((layer) => some.includes(layer) === others.includes(layer))
}

export type Try = { readonly title: string; readonly attack: Attack }

export const FIRST: Try = { title: 'Read everyone’s todos', attack: tested('select * from todos') }

/** Such that each layer is the last one for some attack. */
export const TRIES: readonly Try[] = [
  FIRST,
  {
    title: 'Tell Postgres that you are Alice',
    attack: tested(/^set local auth\.session_token = '0/),
  },
  {
    title: 'Give Alice a todo',
    attack: tested(`insert into todos (user_id, task) values ('alice', 'planted')`),
  },
  { title: 'Empty the table', attack: tested('truncate todos cascade') },
  {
    title: 'Read the key of the seal',
    attack: tested('select * from private.session_keys'),
  },
  { title: 'Drop the policy', attack: tested('drop policy "users see their own todos" on todos') },
]

/** @throws Error when the tests no longer have it, which a test of this file would say first */
function tested(first: string | RegExp): Attack {
  const attack = ALL_ATTACKS.find(({ sql }) => {
    const [statement = ''] = [sql].flat()
    return typeof first === 'string' ? sql === first : first.test(statement)
  })
  if (attack === undefined) throw new Error(`There is no tested attack like ${String(first)}.`)
  return attack
}
