/** Says a policy in words. It knows the forms that policies here have; a condition in another form stands as it is. */

const COMMANDS = {
  select: 'see',
  insert: 'add',
  update: 'change',
  delete: 'delete',
  all: 'see, add, change and delete',
} as const

export type Conditions = {
  readonly command: keyof typeof COMMANDS
  readonly roles: readonly string[]
  readonly permissive: boolean
  readonly using: string | null
  readonly withCheck: string | null
}

const ROLES: Readonly<Record<string, string>> = {
  authenticated: 'A signed-in user',
  anonymous: 'A visitor without a token',
  moderator: 'A moderator',
  public: 'Anyone',
}

/** As pg_get_expr prints them, without the parentheses around the whole. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/^true$/i, 'always'],
  [/^false$/i, 'never'],
  [/^\( ?SELECT auth\.user_id\(\)(?: AS user_id)?\) = "?(\w+)"?$/, '$1 is the user’s own id'],
  [/^"?(\w+)"? = \( ?SELECT auth\.user_id\(\)(?: AS user_id)?\)$/, '$1 is the user’s own id'],
  [/^\( ?SELECT auth\.user_id\(\)(?: AS user_id)?\) IS NULL$/, 'there is no user'],
  [
    /^\( ?SELECT \(?\(?auth\.user_id\(\) = (\w+)\)?.*\)$/,
    '$1 is the user’s own id (asked for each row)',
  ],
  [/^(\w+) = ANY \(+ ?SELECT access\.lists_i_see\(\).*$/, '$1 is a list of theirs'],
  [/^(\w+) = ANY \(+ ?SELECT access\.lists_i_edit\(\).*$/, '$1 is a list that they may edit'],
  [/^(\w+) = ANY \(+ ?SELECT access\.lists_i_own\(\).*$/, '$1 is a list that they own'],
  [/^\( ?SELECT access\.my_email\(\)(?: AS my_email)?\) = (\w+)$/, '$1 is their verified address'],
  [/^CASE WHEN \((\w+) IS NULL\) THEN true ELSE false END$/, '$1 is empty'],
  [/^(\w+) IS NULL$/, '$1 is empty'],
  [/^(\w+) IS NOT NULL$/, '$1 is set'],
  [
    /^\( ?SELECT .*'metadata'.*'role'.*\) = 'moderator'::text$/,
    'the token says that they moderate',
  ],
  [
    /^EXISTS \( ?SELECT FROM todos WHERE .*todos\.list_id IS NOT NULL.*$/,
    'they see that todo in a list',
  ],
  [/^(\w+) = ANY \(ARRAY\( ?SELECT reports\.todo_id FROM reports\)\)$/, '$1 is among the reported'],
]

export function sentenceOf({ command, roles, permissive, using, withCheck }: Conditions): string {
  const who = roles.map((role) => ROLES[role] ?? `The role ${role}`).join(', or ')
  const may = permissive ? 'may' : 'may only'
  const what = `${who} ${may} ${COMMANDS[command]} rows`
  if (command === 'insert') return `${what}${where(withCheck, ' where ')}.`
  const check = command === 'select' || command === 'delete' ? null : withCheck
  const later = check === null || check === using ? '' : `, as long as afterwards ${words(check)}`
  const kept = check !== null && check === using ? ', and it must stay so' : ''
  return `${what}${where(using, ' where ')}${kept}${later}.`
}

function where(condition: string | null, word: string): string {
  return condition === null ? ' – no condition, so none' : word + words(condition)
}

/** @param isPart of a longer condition, in which an “or” has to be told from what is around it */
function words(condition: string, isPart = false): string {
  const bare = withoutParentheses(condition.replace(/\s+/g, ' ').trim())
  const either = split(bare, ' OR ')
  if (either.length > 1) {
    return (isPart ? 'either ' : '') + either.map((part) => words(part, true)).join(' or ')
  }
  const all = split(bare, ' AND ')
  if (all.length > 1) return all.map((part) => words(part, true)).join(' and ')
  const form = FORMS.find(([pattern]) => pattern.test(bare))
  return form === undefined ? bare : bare.replace(form[0], form[1])
}

/** At the outermost level only. */
function split(text: string, operator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++
    else if (text[i] === ')') depth--
    else if (depth === 0 && text.startsWith(operator, i)) {
      parts.push(text.slice(start, i))
      start = i + operator.length
    }
  }
  return [...parts, text.slice(start)]
}

function withoutParentheses(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++
    else if (text[i] === ')') depth--
    if (depth === 0 && i < text.length - 1) return text
  }
  return withoutParentheses(text.slice(1, -1).trim())
}
