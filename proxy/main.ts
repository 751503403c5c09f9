/** `npm run proxy`: starts the proxy alone; variables of the process win over `.env.local`. */
import { config as loadEnv } from 'dotenv'
import { ConfigError, parseConfig } from './config'
import { startProxy } from './server'

loadEnv({ path: '.env.local', quiet: true })

async function main(): Promise<void> {
  const proxy = await startProxy(parseConfig(process.env))
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

/** On stderr, because stdout holds the log, one JSON value a line. */
function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

function fail(error: unknown): void {
  say(sentence(error))
  process.exit(1)
}

function sentence(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  const { code, port } = error as { code?: string; port?: number }
  if (code === 'EADDRINUSE') {
    return `Port ${port ?? 0} is taken; stop what listens there or set PROXY_PORT to another.`
  }
  return `The proxy could not start: ${error instanceof Error ? error.message : 'unknown reason'}`
}

main().catch(fail)
