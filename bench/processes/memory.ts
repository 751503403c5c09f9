/** The resident memory of a process, now and over time. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import type { Point } from '../statistics'

/** @returns megabytes, of 2²⁰ bytes */
export function residentMegabytes(pid: number): number {
  const file = `/proc/${pid}/status`
  const kilobytes = existsSync(file)
    ? /^VmRSS:\s*(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1]
    : spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  return Number(kilobytes) / 1024
}

/**
 * Samples while the work goes on.
 * @returns megabytes (y) by seconds (x)
 */
export async function watchMemory(
  pid: number,
  everyMs: number,
  work: Promise<unknown>,
): Promise<readonly Point[]> {
  const started = performance.now()
  const points: Point[] = []
  const sample = () => {
    points.push({ x: (performance.now() - started) / 1000, y: residentMegabytes(pid) })
  }
  sample()
  const timer = setInterval(sample, everyMs)
  try {
    await work
  } finally {
    clearInterval(timer)
  }
  sample()
  return points
}
