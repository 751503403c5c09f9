/** The summary at the end of a start: addresses, demo users, and how to stop. */
import { join } from 'node:path'
import { DEMO_USERS } from '../db/demo-users'
import { DEMO_PASSWORD } from './clerk/demo-password'
import type { StackOptions } from './stack-options'
import { hasLab } from './start-lab'

/** Prints one short table: where everything is, and who can sign in. */
export function printSummary(options: StackOptions) {
  const { env, dataDir, watch } = options
  const rows: [string, string][] = [
    ['App', `http://localhost:${env.ports.app}`],
    ['SQL proxy', `http://localhost:${env.ports.proxy}/sql`],
    ['SQL over TCP', `localhost:${env.ports.sessions} (psql, with a token as the password)`],
  ]
  if (hasLab(options)) rows.push(['The lab', `http://localhost:${env.ports.app}/lab`])
  if (env.localClerk) {
    const emails = Object.values(DEMO_USERS).map((user) => user.email)
    rows.push(['Local Clerk', `http://localhost:${env.ports.clerk}`])
    rows.push(['Demo users', `${emails.join(', ')} (password: ${DEMO_PASSWORD})`])
  }
  rows.push(['Logs', watch ? join(dataDir, 'logs', 'proxy.log') : join(dataDir, 'logs')])
  rows.push(['Stop', 'Ctrl-C'])
  printTable(rows)
}

/** A short table with aligned columns. */
export function printTable(rows: readonly (readonly [string, string])[]) {
  const width = Math.max(...rows.map(([label]) => label.length))
  console.log('')
  for (const [label, value] of rows) console.log(`  ${label.padEnd(width)}  ${value}`)
  console.log('')
}
