/** The proxy as a program, in one process or several; variables of the process win over `.env.local`. */
import cluster from 'node:cluster'
import { parseConfig } from './config/config'
import { loadEnvFile } from './config/env-file'
import { startProxy } from './server'
import { sentenceOf } from './ops/start-error'
import { Workers } from './ops/workers/primary'
import { serveAsWorker } from './ops/workers/worker'

async function main(): Promise<void> {
  if (cluster.isWorker) return serveAsWorker(() => parseConfig(process.env))
  loadEnvFile()
  const proxy = await start()
  let isStopping = false
  const stop = () => {
    if (isStopping) return
    isStopping = true
    // A second signal ends the process at once, which is what the default handler does.
    process.removeListener('SIGTERM', stop)
    process.removeListener('SIGINT', stop)
    proxy.close().then(() => process.exit(0), fail)
  }
  process.on('SIGHUP', () => {
    proxy.reload()
  })
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  if (process.env.npm_lifecycle_event !== undefined) onceOrphaned(stop)
  // Last, for whoever reads it may send a signal.
  say(`The SQL proxy listens at ${proxy.url}/sql`)
}

/** npm hands SIGTERM to a shell, which dies of it and tells nobody: a new parent is the only sign. */
function onceOrphaned(listener: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    listener()
  }, 500).unref()
}

async function start() {
  const config = parseConfig(process.env)
  if (config.workers === 1) return startProxy(config)
  const workers = new Workers(config, say)
  const url = await workers.start()
  return {
    url,
    reload: () => {
      workers.reload()
    },
    close: () => workers.close(),
  }
}

/** On stderr, because stdout holds the log, one JSON value a line. */
function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

function fail(error: unknown): void {
  say(sentenceOf(error))
  process.exit(1)
}

main().catch(fail)
