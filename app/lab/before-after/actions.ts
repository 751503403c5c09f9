'use server'
/** The server action of this room; its argument is untrusted. Where the lab is off, it does nothing. */

import { z } from 'zod'
import { isLabOn, labUrl } from '../lab-env'
import { createLab, LabError } from '../service/client'
import { callEndpoint, type EndpointAnswer } from './call-endpoint'
import { ENDPOINTS, WAYS } from './endpoints'

const call = z.object({ way: z.enum(WAYS), endpoint: z.enum(ENDPOINTS) })

export type CallResult = { ok: true; answer: EndpointAnswer } | { ok: false; message: string }

export async function sendAsBob(input: unknown): Promise<CallResult> {
  const parsed = call.safeParse(input)
  if (!parsed.success || !isLabOn()) return { ok: false, message: 'The lab is off here.' }
  const { way, endpoint } = parsed.data
  try {
    return { ok: true, answer: await callEndpoint(createLab(labUrl()), way, endpoint) }
  } catch (error) {
    if (error instanceof LabError) return { ok: false, message: error.message }
    throw error
  }
}
