import { createInterface } from 'node:readline'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { setScene } from './bench/scene/scene'
import { startProxy } from './bench/targets/proxy'
import { httpTarget } from './bench/targets/http'
import { sqlCall } from './bench/targets/proxy'
import { list, write, batch } from './bench/workloads'
import { placements, placePostgres } from './bench/placement'
const W = { list, write, batch } as const
const stat = (pid: string | number) => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
const main = async () => {
  const scene = await setScene()
  const ctl = new AbortController()
  const placement = placements()[0]!
  placePostgres(scene.postmaster, placement)
  const args = process.env.NODEARGS ? { args: [...process.env.NODEARGS.split(" "), ...(await import("./bench/targets/proxy")).PROXY_ARGS] } : process.env.PROF ? { args: ["--import","/tmp/perf/heap.mjs", ...(await import('./bench/targets/proxy')).PROXY_ARGS] } : {}
  const server = await startProxy(scene, placement.target, ctl.signal, JSON.parse(process.env.XENV ?? '{}'), (args as any).args ?? undefined)
  const pgCpu = () => {
    let t = 0
    const pm = stat(scene.postmaster)
    t += Number(pm[13]) + Number(pm[14])
    for (const d of readdirSync('/proc')) if (/^\d+$/.test(d)) { try { const s = stat(d); if (Number(s[1]) === scene.postmaster) t += Number(s[11]) + Number(s[12]) } catch {} }
    return t / 100
  }
  const prCpu = () => { const s = stat(server.pid); return (Number(s[11]) + Number(s[12])) / 100 }
  console.log(JSON.stringify({ ready: true, pid: server.pid, pm: scene.postmaster, ownerUrl: scene.ownerUrl, url: server.url }))
  for await (const line of createInterface({ input: process.stdin })) {
    const [cmd, name, secs] = line.split(' ')
    if (cmd === 'quit') break
    const workload = W[name as keyof typeof W]
    const target = httpTarget({ name: 'p', server: { ...server, stop: async () => {} }, callOf: (u) => sqlCall(scene, u, workload.sql(u)), read: () => [] }, { scene, workload, placement, pace: undefined as any, signal: ctl.signal } as any)
    const [p0, g0] = [prCpu(), pgCpu()]
    const o = await target.round(Number(secs)) as any; o.requests = o.perSecond * Number(secs); o.failures = o.failures ?? 0
    const [p1, g1] = [prCpu(), pgCpu()]
    await workload.cleanUp(scene.owner)
    console.log(JSON.stringify({ ...o, proxyUs: (p1 - p0) * 1e6 / o.requests, pgUs: (g1 - g0) * 1e6 / o.requests }))
  }
  await server.stop()
  await scene.stop(); process.exit(0)
}
void main()
