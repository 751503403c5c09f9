/**
 * Starts the lab's service, until SIGTERM or SIGINT.
 *
 *   node --import tsx app/lab/service/main.ts   with LAB_DATABASE_URL and LAB_PORT
 */
import { z } from 'zod'
import { readVariable } from '../../../lib/read-variable'
import { startService } from './service'

const databaseUrl = readVariable('LAB_DATABASE_URL', process.env.LAB_DATABASE_URL, {
  schema: z.url({ protocol: /^postgres(ql)?$/ }),
  expected: 'a superuser’s connection string to a Postgres that is the lab’s alone',
  example: 'postgresql://postgres:password@localhost:54331/lab',
})
const port = readVariable('LAB_PORT', process.env.LAB_PORT, {
  schema: z.coerce.number().int().min(0).max(65_535).default(4446),
  expected: 'a port',
  example: '4446',
})

const service = await startService(databaseUrl, port)
let isStopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (isStopping) return
    isStopping = true
    void service.close().then(() => process.exit(0))
  })
}
process.stderr.write(`The lab listens at ${service.url}\n`)
