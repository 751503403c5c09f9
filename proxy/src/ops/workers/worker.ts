/** One of several processes that share a port: it answers requests, and does what the primary says. */
import type { Config } from '../../config/config'
import { startProxy, type Proxy } from '../../server'
import { sentenceOf } from '../start-error'
import type { FromWorker, ToWorker } from './messages'
import { shareRates, type Spent } from './rate-sharing'

export async function serveAsWorker(parse: () => Config): Promise<void> {
  // A terminal sends these to all processes at once; it is the primary's to say what follows.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => undefined)
  }
  let proxy: Proxy | undefined
  let takeSpent: (spent: Spent) => void = () => undefined
  process.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'reload':
        proxy?.reload()
        break
      case 'stop':
        void stop(proxy)
        break
      case 'spent':
        takeSpent(message.spent)
        break
    }
  })
  try {
    proxy = await startProxy(parse())
    takeSpent = shareRates(proxy.shared, { tell: (spent) => send({ kind: 'spent', spent }) })
    await send({ kind: 'listening', url: proxy.url })
  } catch (error) {
    await send({ kind: 'failed', sentence: sentenceOf(error) })
    process.exit(1)
  }
}

async function stop(proxy: Proxy | undefined): Promise<void> {
  await proxy?.close()
  process.exit(0)
}

/** Without a primary, Node ends its workers (node:cluster); until then nobody listens, and that is all. */
function send(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => {
      resolve()
    })
  })
}
