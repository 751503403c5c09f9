/** The memory that a proxy takes for answers of megabytes, read fast and read slowly. */
import type { Bench } from '../bench'
import type { Call } from '../load/call'
import { load } from '../load/load'
import { sendWell } from '../load/send'
import { readSlowly } from '../load/slow-reader'
import { residentMegabytes, watchMemory } from '../processes/memory'
import { megabytes } from '../report/format'
import type { Table } from '../report/section'
import type { Scene } from '../scene/scene'
import { ONE_WORKER, startProxy } from '../targets/proxy'

const CONNECTIONS = 8
const SAMPLE_MS = 20
/** Small requests beforehand, so that a process' first requests are not measured. */
const WARM_UP = 300

/**
 * @param small asks for an ordinary answer
 * @param big asks for one of megabytes
 */
export async function memoryOfBigAnswers(
  { pace, signal, say }: Bench,
  scene: Scene,
  { small, big }: { readonly small: Call; readonly big: Call },
): Promise<Table> {
  say('memory of big answers')
  const { seconds } = pace
  let size = 0
  /** A new proxy for each, because a process seldom returns memory to the system. */
  const row = async (label: string, read: (url: string) => Promise<unknown>) => {
    const { url, pid, stop } = await startProxy(scene, [], signal, ONE_WORKER)
    try {
      for (let i = 0; i < WARM_UP; i++) await sendWell(url, small)
      const before = residentMegabytes(pid)
      size = Buffer.byteLength(await sendWell(url, big)) / 2 ** 20
      const points = await watchMemory(pid, SAMPLE_MS, read(url))
      const most = Math.max(...points.map(({ y }) => y))
      return [label, megabytes(before), megabytes(most), megabytes(most - before)]
    } finally {
      await stop()
    }
  }
  const rows = [
    await row('read as fast as they come', (url) =>
      load({ url, calls: [big], connections: CONNECTIONS, seconds, prefix: [], signal }),
    ),
    await row('read at 1 MB/s each', (url) => readSlowly(url, big, CONNECTIONS, seconds)),
  ]
  return {
    head: [`answers of ${megabytes(size)}, ${CONNECTIONS} at a time`, 'before', 'most', 'more'],
    rows,
  }
}
