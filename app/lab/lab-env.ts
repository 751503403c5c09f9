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
