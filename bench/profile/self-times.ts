/** The time that each function itself took in a CPU profile, and the source that it comes from. */
import { z } from 'zod'

export type SelfTime = {
  readonly functionName: string
  /** A file of the proxy, such as `proxy/src/handle.ts`; else a part of Node, a package, or V8 itself. */
  readonly source: string
  /** Share of the time in which the process was busy. */
  readonly share: number
}

export type Profile = {
  /** The longest first. */
  readonly selfTimes: readonly SelfTime[]
  /** Share of the window in which the process was busy. */
  readonly busyShare: number
}

/** As V8 writes it (`node --cpu-prof`): times in microseconds. */
const cpuProfile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
})

const WAITING = '(idle)'

/**
 * @param text of a .cpuprofile
 * @param bundle the text of the file that ran, in which a comment before each module has its name
 * @param seconds only the last ones of the profile count
 */
export function readProfile(text: string, bundle: string, seconds: number): Profile {
  const { nodes, samples, timeDeltas } = cpuProfile.parse(JSON.parse(text))
  const sourceAt = sourcesOf(bundle)
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const times = new Map<string, { functionName: string; source: string; us: number }>()
  let left = seconds * 1e6
  let waited = 0
  for (let i = samples.length - 1; i >= 0 && left > 0; i--) {
    const us = timeDeltas[i] ?? 0
    const frame = frames.get(samples[i] ?? 0)
    left -= us
    if (frame === undefined) continue
    if (frame.functionName === WAITING) {
      waited += us
      continue
    }
    const source = sourceOf(frame, sourceAt)
    const functionName = frame.functionName || '(anonymous)'
    const time = times.get(`${functionName} ${source}`) ?? { functionName, source, us: 0 }
    time.us += us
    times.set(`${functionName} ${source}`, time)
  }
  const all = [...times.values()].sort((a, b) => b.us - a.us)
  const busy = all.reduce((sum, { us }) => sum + us, 0)
  return {
    selfTimes: all.map(({ us, ...rest }) => ({ ...rest, share: us / busy })),
    busyShare: busy / (busy + waited),
  }
}

type Frame = z.infer<typeof cpuProfile>['nodes'][number]['callFrame']

function sourceOf({ functionName, url, lineNumber }: Frame, sourceAt: (line: number) => string) {
  if (functionName === '(garbage collector)') return 'V8: garbage collection'
  if (functionName === '(program)') return 'V8 and system calls'
  if (url === '') return 'V8 and system calls'
  if (url.startsWith('node:')) return url
  return sourceAt(lineNumber)
}

/** esbuild writes `// proxy/src/handle.ts` before what comes from there. */
function sourcesOf(bundle: string): (line: number) => string {
  const starts = bundle
    .split('\n')
    .map((text, line) => ({
      line,
      path: /^ *\/\/ ((?:proxy|db|node_modules)\/\S+)$/.exec(text)?.[1],
    }))
    .filter(({ path }) => path !== undefined)
  return (line) => starts.findLast((start) => start.line <= line)?.path ?? 'the bundle itself'
}
