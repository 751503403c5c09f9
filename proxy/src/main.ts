/** The proxy's entry point, for one process or several. Variables of the process override `.env.local`. */
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
    // With our handlers removed, a second signal ends the process immediately.
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
  // Last: a program that waits for this line may send a signal next.
  say(`The SQL proxy listens at ${proxy.url}/sql`)
}

/** npm sends SIGTERM to a shell, which dies without passing it on. A new parent process is the only sign. */
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

/** To stderr: stdout is the access log, one JSON object per line. */
function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

function fail(error: unknown): void {
  say(sentenceOf(error))
  process.exit(1)
}

main().catch(fail)
