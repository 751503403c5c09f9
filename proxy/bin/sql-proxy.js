#!/usr/bin/env node
/**
 *   sql-proxy           starts the proxy
 *   sql-proxy install   brings a database to what the proxy relies on: see install/main.ts
 *   sql-proxy check     says whether the set-up is safe; check/main.ts explains its options
 *   sql-proxy health    exit status 0 when the proxy on this machine answers
 */
const PROGRAMS = new Map([
  ['start', '../dist/main.js'],
  ['install', '../dist/install.js'],
  ['check', '../dist/check.js'],
  ['health', './health.js'],
])

// The programs read their options from there, and workers are started with what is left (node:cluster).
const [command = 'start'] = process.argv.splice(2, 1)
const program = PROGRAMS.get(command)
if (program === undefined) {
  process.stderr.write(
    `There is no command “${command}”. The commands are: ${[...PROGRAMS.keys()].join(', ')}.\n`,
  )
  process.exit(2)
}
await import(program)
