/** The proxy as a program, in one process or several; variables of the process win over `.env.local`. */
import cluster from 'node:cluster'
import { config as loadEnv } from 'dotenv'
import { parseConfig } from './config'
import { startProxy } from './server'
import { sentenceOf } from './start-error'
import { Workers } from './workers/primary'
import { serveAsWorker } from './workers/worker'

async function main(): Promise<void> {
  if (cluster.isWorker) return serveAsWorker(() => parseConfig(process.env))
  loadEnv({ path: '.env.local', quiet: true })
  const proxy = await start()
  const stop = () => {
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
  // Last, for whoever reads it may send a signal.
  say(`The SQL proxy listens at ${proxy.url}/sql`)
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
