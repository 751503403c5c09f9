/** The CPU time of a thread: from the kernel on Linux, elsewhere the time that it was not idle. */
import { readFileSync, readlinkSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

type Utilization = { eventLoopUtilization(): { active: number } }

/** The calling thread's id on Linux; undefined elsewhere. */
export function threadId(): number | undefined {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1))
  } catch {
    return undefined
  }
}

/**
 * Milliseconds since the thread began.
 * @param id from `threadId`; a thread that has ended has no CPU time there
 * @param thread used if there is no id
 */
export function cpuMs(id: number | undefined, thread: Utilization = performance): number {
  if (id === undefined) return thread.eventLoopUtilization().active
  try {
    // The first number is nanoseconds on a processor (proc(5), schedstat).
    const [nanoseconds] = readFileSync(`/proc/self/task/${id}/schedstat`, 'latin1').split(' ')
    return Number(nanoseconds) / 1e6
  } catch {
    return thread.eventLoopUtilization().active
  }
}
