/** The machine and the programs of a run, without which figures mean little. */
import { spawnSync } from 'node:child_process'
import { cpus, release, totalmem, type } from 'node:os'
import type { Client } from 'pg'
import { z } from 'zod'

/** @returns lines of Markdown's list */
export async function describeMachine(owner: Client): Promise<string[]> {
  const model = cpus()[0]?.model.trim()
  const { rows } = await owner.query(`
    select current_setting('server_version') as version, current_setting('shared_buffers') as buffers,
      current_setting('fsync') as fsync`)
  const postgres = z
    .object({ version: z.string(), buffers: z.string(), fsync: z.string() })
    .parse(rows[0])
  return [
    `${model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`,
    `${type()} ${/^\d+\.\d+/.exec(release())?.[0] ?? ''}, Node ${process.versions.node}`,
    `PostgreSQL ${postgres.version}, shared_buffers ${postgres.buffers}, fsync ${postgres.fsync}, on the same machine`,
    `pgbench: ${versionOf('pgbench', '--version') ?? 'not installed'}; load: ${
      versionOf('wrk', '-v') ?? 'a closed loop in Node, as wrk is not installed'
    }`,
  ]
}

/** The first line with a number of a program's version output; undefined if it is not installed. */
export function versionOf(program: string, flag: string): string | undefined {
  const { error, stdout, stderr } = spawnSync(program, [flag], { encoding: 'utf8' })
  if (error !== undefined) return undefined
  const line = `${stdout}${stderr}`.split('\n').find((text) => /\d/.test(text))
  return line?.replace(/ Copyright.*/, '').trim()
}
