/** Whether the lab is on. Off unless `LAB=on`: what it can do is for a classroom, not for a public app. */
import 'server-only'
import { z } from 'zod'
import { readVariable } from '@/lib/read-variable'

export function isLabOn(): boolean {
  const value = readVariable('LAB', process.env.LAB, {
    schema: z.enum(['on', 'off']).default('off'),
    expected: '"on" or "off"',
    example: 'on',
  })
  return value === 'on'
}

/** Of the lab's service, which lets its callers act as any user of a scratch database: on this machine alone. */
export function labUrl(): string {
  return readVariable('LAB_URL', process.env.LAB_URL, {
    schema: z
      .url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ })
      .default('http://127.0.0.1:4446'),
    expected: 'an address of this machine',
    example: 'http://127.0.0.1:4446',
  })
}
