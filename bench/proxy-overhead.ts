/**
 * `npm run bench:overhead`: what the proxy adds to a query, step by step, as Markdown; under a minute.
 *
 * Against a real Postgres with 10,000 todos of which the user has 20; on a quiet machine.
 */
import { cpus } from 'node:os'
import { memoryUse } from './overhead/memory'
import type { Percentiles } from './overhead/samples'
import { setScene } from './overhead/scene'
import { gateCost, identityCost, tokenCost } from './overhead/steps'
import { wholeCost } from './overhead/whole'

const scene = await setScene()
try {
  const identity = await identityCost(scene)
  const steps = [await tokenCost(scene), await gateCost(), identity]
  const whole = await wholeCost(scene)
  const memory = await memoryUse(scene)

  console.log(`On a ${cpus().length}-core machine, Node ${process.versions.node}:\n`)
  console.log('| step | first | p50 | p99 |\n| --- | --- | --- | --- |')
  for (const { step, first, warm } of steps) row(`+ ${step}`, first, warm)
  row('the query itself, as its owner, without proxy', undefined, identity.plain)
  row('the whole request over HTTP', whole.first, whole.warm)
  const each = ((memory.connected - memory.warm) * 1024) / memory.connections
  console.log(
    `\nMemory: ${memory.started.toFixed(0)} MB when started, ${memory.warm.toFixed(0)} MB after 1000 requests, ` +
      `${memory.connected.toFixed(0)} MB with ${memory.connections} idle keep-alive connections (${each.toFixed(0)} KB each).`,
  )
} finally {
  await scene.stop()
}

function row(step: string, first: number | undefined, { p50, p99 }: Percentiles): void {
  const cells = [
    first === undefined ? '' : `${first.toFixed(2)} ms`,
    `${p50.toFixed(3)} ms`,
    `${p99.toFixed(3)} ms`,
  ]
  console.log(`| ${step} | ${cells.join(' | ')} |`)
}
