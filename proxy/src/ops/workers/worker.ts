/** One of several processes that share a port. It serves requests and obeys the primary process. */
import type { Config } from '../../config/config'
import { startProxy, type Proxy } from '../../server'
import { sentenceOf } from '../start-error'
import type { FromWorker, ToWorker } from './messages'
import { shareRates, type Spent } from './rate-sharing'
import { shareSessions, type SessionCounts } from './session-counts'

export async function serveAsWorker(parse: () => Config): Promise<void> {
  // A terminal sends these to all processes; only the primary reacts to them.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => undefined)
  }
  let proxy: Proxy | undefined
  let takeSpent: (spent: Spent) => void = () => undefined
  let takeSessions: (counts: SessionCounts) => void = () => undefined
  let areAllWarm = false
  process.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'reload':
        proxy?.reload()
        break
      case 'stop':
        void stop(proxy)
        break
      case 'all-warm':
        areAllWarm = true
        break
      case 'cancel':
        proxy?.sessions.cancel(message.processId, Buffer.from(message.secretKey, 'base64'))
        break
      case 'spent':
        takeSpent(message.spent)
        break
      case 'sessions':
        takeSessions(message.counts)
        break
    }
  })
  try {
    proxy = await startProxy(parse(), {}, () => areAllWarm)
    proxy.sessions.onUnknown = (processId, secretKey) => {
      void send({ kind: 'cancel', processId, secretKey: secretKey.toString('base64') })
    }
    takeSpent = shareRates(proxy.shared, { tell: (spent) => send({ kind: 'spent', spent }) })
    takeSessions = shareSessions(proxy.sessions.perUser, (counts) => {
      void send({ kind: 'sessions', counts })
    })
    await send({ kind: 'listening', url: proxy.url })
    await proxy.warm
    await send({ kind: 'warm' })
  } catch (error) {
    await send({ kind: 'failed', sentence: sentenceOf(error) })
    process.exit(1)
  }
}

async function stop(proxy: Proxy | undefined): Promise<void> {
  await proxy?.close()
  process.exit(0)
}

/** Without a primary, the message is lost, and node:cluster soon ends the worker. */
function send(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => {
      resolve()
    })
  })
}
