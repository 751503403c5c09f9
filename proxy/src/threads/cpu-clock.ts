/** The CPU time of a thread: from Linux where there is Linux, else the time that it was not idle. */
import { readFileSync, readlinkSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

type Utilization = { eventLoopUtilization(): { active: number } }

/** Linux' number of the calling thread; undefined elsewhere. */
export function threadId(): number | undefined {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1))
  } catch {
    return undefined
  }
}

/**
 * Milliseconds since the thread began.
 * @param id as `threadId` gave it; of a thread that has ended there is none
 * @param thread whose time counts where there is no id
 */
export function cpuMs(id: number | undefined, thread: Utilization = performance): number {
  if (id === undefined) return thread.eventLoopUtilization().active
  try {
    // Nanoseconds on a processor, then two numbers of no interest here (proc(5), schedstat).
    const [nanoseconds] = readFileSync(`/proc/self/task/${id}/schedstat`, 'latin1').split(' ')
    return Number(nanoseconds) / 1e6
  } catch {
    return thread.eventLoopUtilization().active
  }
}
