/** Where the lab's service is; the lab is off without LAB=on. */
import 'server-only'
import { z } from 'zod'
import { readVariable } from '@/lib/read-variable'

const isOn = readVariable('LAB', process.env.LAB, {
  schema: z.enum(['on', 'off']).default('off'),
  expected: 'on or off',
  example: 'on',
})

/** The service lets anyone who reaches it act as any user of a scratch database, so it is on this machine. */
const url = readVariable('LAB_URL', process.env.LAB_URL, {
  schema: z
    .url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ })
    .default('http://127.0.0.1:4446'),
  expected: 'the address of the lab’s service on this machine',
  example: 'http://127.0.0.1:4446',
})

/** Undefined where the lab is off. */
export const labUrl: string | undefined = isOn === 'on' ? url : undefined
