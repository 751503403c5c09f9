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
  authenticated: 'a signed-in user',
  anonymous: 'a visitor without a token',
  moderator: 'a moderator',
  public: 'anyone',
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
  const who = roles.map((role) => ROLES[role] ?? `the role ${role}`).join(' or ')
  const may = permissive ? 'may' : 'may only'
  const what = `${who.charAt(0).toUpperCase()}${who.slice(1)} ${may} ${COMMANDS[command]}`
  if (command === 'insert') return `${what} ${rowsWhere(withCheck)}.`
  const check = command === 'select' || command === 'delete' ? null : withCheck
  const kept =
    check === using ? ', and it must stay so' : `, as long as afterwards ${words(check ?? 'true')}`
  return `${what} ${rowsWhere(using)}${check === null ? '' : kept}.`
}

/** A policy without a condition lets no row through. */
function rowsWhere(condition: string | null): string {
  if (condition === null) return 'no row: it has no condition'
  return condition === 'true' ? 'every row' : `rows where ${words(condition)}`
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
  const bare = withoutQuoted(text)
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < bare.length; i++) {
    if (bare[i] === '(') depth++
    else if (bare[i] === ')') depth--
    else if (depth === 0 && bare.startsWith(operator, i)) {
      parts.push(text.slice(start, i))
      start = i + operator.length
    }
  }
  return [...parts, text.slice(start)]
}

/** Those around the whole, and no others. */
function withoutParentheses(text: string): string {
  const bare = withoutQuoted(text)
  if (!bare.startsWith('(') || !bare.endsWith(')')) return text
  let depth = 0
  for (let i = 0; i < bare.length - 1; i++) {
    if (bare[i] === '(') depth++
    else if (bare[i] === ')') depth--
    if (depth === 0) return text
  }
  return withoutParentheses(text.slice(1, -1).trim())
}

/** As long as the text, so that places in it stay the same. */
function withoutQuoted(text: string): string {
  return text.replace(/'(?:[^']|'')*'/g, (quoted) => '_'.repeat(quoted.length))
}
