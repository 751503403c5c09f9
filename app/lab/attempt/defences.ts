/** What can stop an attack, in the order in which a request meets it. */
export const DEFENCES = ['token', 'gate', 'grant', 'seal', 'policy', 'limit'] as const
export type Defence = (typeof DEFENCES)[number]

type Words = { name: string; does: string }

export const DEFENCE_WORDS: Readonly<Record<Defence, Words>> = {
  token: {
    name: 'Token',
    does: 'The proxy checks its signature, its audience and its expiry.',
  },
  gate: {
    name: 'Gate',
    does: 'The proxy parses each statement, and lets through only what it knows to be harmless.',
  },
  grant: {
    name: 'Grant',
    does: 'Postgres lets the role touch only what it was given.',
  },
  seal: {
    name: 'Seal',
    does: 'Postgres believes an identity only with the proxy’s seal, which SQL cannot make.',
  },
  policy: {
    name: 'Policy',
    does: 'Postgres adds the table’s policies to each statement: other users’ rows are not there.',
  },
  limit: {
    name: 'Limit',
    does: 'Statements, answers and each user’s share of the machine have an end.',
  },
}
