/**
 * `npm run chaos`: what happens to requests when Postgres, the network or a pooler breaks. It takes some four
 * minutes, needs nothing installed but PgBouncer, and writes its findings to docs/chaos.md.
 */
import { writeFileSync } from 'node:fs'
import type { Finding } from './chaos/finding'
import { hasPgBouncer, pgBouncer } from './chaos/pgbouncer'
import { startMortalPostgres } from './chaos/postgres'
import { silence } from './chaos/silence'
import { writesDuring, type Harm } from './chaos/writes'

const KILLS_MS = 20_000
const RESTARTS_MS = 30_000
const RESTART_EVERY_MS = 4_000
/** After this time, something hangs. */
const LONGEST_MS = 10 * 60_000

const giveUp = setTimeout(() => {
  console.error('gave up: the trials took longer than ten minutes')
  process.exit(1)
}, LONGEST_MS)

const ONE_SESSION = `from pg_stat_activity where usename = 'authenticator' order by random() limit 1`
const postgres = await startMortalPostgres()
const harms: Harm[] = [
  {
    name: 'sessions ended by pg_terminate_backend',
    ms: KILLS_MS,
    everyMs: 50,
    harm: async (asOwner) => {
      await asOwner(`select pg_terminate_backend(pid) ${ONE_SESSION}`)
    },
  },
  {
    name: 'Postgres restarted (fast shutdown)',
    ms: RESTARTS_MS,
    everyMs: RESTART_EVERY_MS,
    harm: () => postgres.endAndStart('SIGINT'),
    serverUrl: postgres.url,
  },
  {
    name: 'SIGKILL of one backend, after which Postgres restarts all',
    ms: RESTARTS_MS,
    everyMs: RESTART_EVERY_MS,
    harm: async (asOwner) => {
      const [session] = await asOwner(`select pid ${ONE_SESSION}`)
      if (session !== undefined) process.kill(Number(session.pid), 'SIGKILL')
    },
    serverUrl: postgres.url,
  },
  {
    name: 'SIGKILL of the postmaster, and a new start',
    ms: RESTARTS_MS,
    everyMs: RESTART_EVERY_MS,
    harm: () => postgres.endAndStart('SIGKILL'),
    serverUrl: postgres.url,
  },
]
const trials: (() => Promise<Finding>)[] = [
  ...harms.map((harm) => () => writesDuring(harm)),
  silence,
]
if (hasPgBouncer())
  trials.push(
    () => pgBouncer('transaction'),
    () => pgBouncer('session'),
  )
else console.log('PgBouncer is not installed; left out.')

const findings: Finding[] = []
for (const trial of trials) {
  const finding = await trial()
  findings.push(finding)
  console.log(asText(finding))
}
await postgres.stop()
clearTimeout(giveUp)
writeFileSync('docs/chaos.md', page(findings))
process.exitCode = findings.every(({ isGood }) => isGood) ? 0 : 1

function asText({ name, isGood, figures }: Finding): string {
  const lines = Object.entries(figures).map(([what, value]) => `- ${what}: ${value}`)
  return `## ${name}: ${isGood ? 'good' : 'BAD'}\n\n${lines.join('\n')}\n`
}

function page(all: readonly Finding[]): string {
  return `# Faults, and what became of requests

Written by \`npm run chaos\`. Good means: no write that was told as saved is lost, none that was told as
failed is saved, no answer is wrong, and the service comes back within the bounds of each trial.

${all.map(asText).join('\n')}`
}
