/** Says in one line what a stop is, and what it saw. */
import type { StepName, TraceStep } from './trace'

export const TITLES: Record<StepName, string> = {
  request: 'The request',
  token: 'The token',
  checks: 'Checks of the token',
  limits: 'Limits',
  body: 'The body',
  gate: 'The statement gate',
  pool: 'A session in Postgres',
  policies: 'Policies',
  identity: 'Role and identity',
  plan: 'The plan',
  postgres: 'The statement runs',
  answer: 'The answer',
}

/** What happens there, for someone who sees it for the first time. */
export const EXPLANATIONS: Record<StepName, string> = {
  request:
    'A POST to the SQL proxy. Its connection string names a role and a database, and has no password.',
  token:
    'The token came along with the request. Anyone can read it; only the issuer can sign it. What it says is believed after the checks below.',
  checks:
    'The proxy checks the signature before any claim, and stops at the first check that fails.',
  limits:
    'The user may send so many requests, and use so much processor time. One user’s flood leaves room for the others.',
  body: 'The body is read as JSON: statements, and their values apart from them.',
  gate: 'Postgres’ own parser reads the statement. It passes only if everything in its parse tree is on a list: SELECT, INSERT, UPDATE, DELETE or MERGE, with known functions.',
  pool: 'A session that is already logged in as authenticator, a role that may read nothing by itself.',
  policies:
    'What Postgres adds to the statement for each table, for this role: a row that fails does not exist for this user.',
  identity:
    'For this one transaction the session becomes the role. Who the user is comes sealed by the proxy, and SQL cannot forge it.',
  plan: 'How Postgres runs the statement. Look for the policy: it has become part of the filter.',
  postgres: 'The statement goes to Postgres as it was sent. Nobody has added a WHERE to it.',
  answer: 'The rows travel back.',
}

export function summaryOf(step: TraceStep): string {
  if (step.refused !== undefined) return `Refused: ${step.refused.sqlstate ?? step.refused.code}`
  switch (step.step) {
    case 'request':
      return `as ${step.role ?? ''} in ${step.database ?? ''}`
    case 'token':
      return `sub: ${textOf(step.claims?.sub)}`
    case 'checks':
      return `${step.checks.length} checks passed`
    case 'limits':
      return 'within the limits'
    case 'body':
      return counted(step.statements ?? 0, 'statement')
    case 'gate':
      return step.statements.map(({ tree }) => tree[0]?.text ?? 'passed').join(', ')
    case 'pool':
      return 'a session is free'
    case 'policies': {
      const [first, ...more] = step.tables.map(({ name }) => name)
      if (first === undefined) return 'no table is named'
      return `on ${[first, ...more].join(', ')}`
    }
    case 'identity': {
      const user = step.userId === undefined ? '' : `, auth.user_id() = ${step.userId ?? 'null'}`
      return `${step.role ?? ''}${user}`
    }
    case 'plan':
      return step.plans.map(([first = '']) => first.trim()).join(', ')
    case 'postgres':
      return counted(step.statements.length, 'statement')
    case 'answer':
      return counted(step.rows ?? 0, 'row')
  }
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : 'none'
}

export function timeOf(ms: number): string {
  if (ms < 0.1) return `${Math.round(ms * 1000)} µs`
  return `${ms < 10 ? ms.toFixed(2) : Math.round(ms)} ms`
}
