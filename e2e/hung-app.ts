/** A second server of the tested build whose SQL proxy takes connections and never answers. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { parseEnv } from 'node:util'
import { NEXT } from '../dev/build'
import { startService } from '../dev/service'
import { freePort } from '../proxy/test/postgres/test-server'
import { stack } from './stack'

/** @param work gets the server's origin; a browser that is signed in at the other one is signed in here, too */
export async function withHungProxy(work: (origin: string) => Promise<void>): Promise<void> {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  // The build has the proxy's address in it, so requests to it are led elsewhere.
  const preload = `const real = fetch
    globalThis.fetch = (url, init) => real(url === '${stack().NEXT_PUBLIC_SQL_URL}' ? 'http://127.0.0.1:${port}/sql' : url, init)`
  const appPort = await freePort()
  const origin = `http://localhost:${appPort}`
  const app = await startService(
    {
      name: 'The app with a hung proxy',
      args: [
        '--dns-result-order=ipv4first',
        NEXT,
        'start',
        '-p',
        String(appPort),
        '-H',
        'localhost',
      ],
      env: {
        ...process.env,
        ...parseEnv(readFileSync('.data/test/env', 'utf8')),
        APP_ORIGIN: origin,
        NODE_ENV: 'production',
        NEXT_DIST_DIR: '.next-test',
        NEXT_TELEMETRY_DISABLED: '1',
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}`,
      },
      readyUrl: `${origin}/sign-in`,
      logFile: 'test-results/hung-app.log',
    },
    new AbortController().signal,
  )
  try {
    await work(origin)
  } finally {
    await app.stop()
    silent.close()
  }
}
