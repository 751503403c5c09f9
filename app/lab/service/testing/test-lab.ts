/** For tests: the lab's service on a Postgres of its own, and a client of it. */
import { startTestServer } from '../../../../proxy/test/postgres/test-server'
import { createLab } from '../client'
import { startService } from '../service'

export async function startTestLab() {
  const server = await startTestServer()
  const service = await startService(server.url, 0)
  const stop = async () => {
    await service.close()
    await server.stop()
  }
  return { server, service, lab: createLab(service.url), stop }
}

export type TestLab = Awaited<ReturnType<typeof startTestLab>>
