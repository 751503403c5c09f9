/** The entry point of a thread: does one piece of work after another and reports the outcome. */
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { identify } from '../gate/allowlist/identify'
import { normalize } from '../gate/allowlist/normalize'
import { isCatalogQuery } from '../gate/catalog'
import { readCommands } from '../gate/commands'
import { ProxyError } from '../errors'
import { judge } from '../gate/judge'
import { createParser } from '../gate/parser'
import { isBound } from '../live/bound'
import { findReads } from '../live/reads'
import { parseBody } from '../request/body'
import { outline } from '../trace/outline'
import { cpuMs, threadId } from './cpu-clock'
import type { FromThread, Kind, ThreadData, ToThread, Work } from './protocol'

/** Runs the code once, so that the first user's statement does not find it cold. */
const SAMPLE = 'select t.id, lower(t.body) from memos t where t.id = $1 order by t.id limit 10'

/** A third of a normal thread's share (setpriority(2)): enough never to wait for long. */
const NICE = 5

const id = threadId()

async function serve(): Promise<void> {
  const { treeBytes, moduleUrl } = workerData as ThreadData
  const parser = await createParser(treeBytes, moduleUrl)
  const handlers: {
    [K in Kind]: (input: Work[K]['input']) => Promise<Work[K]['output']> | Work[K]['output']
  } = {
    judge: ({ sql, functions }) => judge(parser, sql, new Set(functions)),
    commands: (sql) => readCommands(parser, sql),
    catalog: (sql) => isCatalogQuery(parser, sql),
    identify: (sql) => identify(parser, sql),
    normalize: (sql) => normalize(parser, sql),
    outline: (sql) => outline(parser, sql),
    findReads: (sql) => findReads(parser, sql),
    isBound: (bound) => isBound(parser, bound),
    parseBody,
  }
  const handle = <K extends Kind>(kind: K, input: Work[K]['input']) => handlers[kind](input)
  parentPort?.on('message', ({ kind, input }: ToThread) => {
    void Promise.resolve()
      .then(() => handle(kind, input))
      .then((output) => {
        say({ kind: 'done', output, cpuMs: cpuMs(id) })
      }, sayError)
  })
  await judge(parser, SAMPLE, new Set())
  yieldProcessor()
  say({ kind: 'ready', threadId: id, cpuMs: cpuMs(id) })
}

/** The event loop and Postgres go first. Linux has a priority for each thread; elsewhere there is none. */
function yieldProcessor(): void {
  if (id === undefined) return
  try {
    setPriority(id, NICE)
  } catch {
    // It is not allowed here.
  }
}

function sayError(error: unknown): void {
  if (error instanceof ProxyError) {
    const { code, message, fields } = error
    say({ kind: 'refused', error: { code, message, fields }, cpuMs: cpuMs(id) })
  } else {
    const stack = error instanceof Error ? (error.stack ?? '') : ''
    say({ kind: 'failed', stack, cpuMs: cpuMs(id) })
  }
}

function say(message: FromThread): void {
  parentPort?.postMessage(message)
}

void serve()
