/** The shape of a token before anything in it is believed. */
import { z } from 'zod'
import { malformed } from './claims'

// `jku`, `x5u`, `jwk` and `x5c` are not even read: keys come from the configuration alone.
const headerSchema = z.object({
  alg: z.string(),
  kid: z.string().min(1).optional(),
  // RFC 7515, section 4.1.11: what is marked critical must be understood, and we understand nothing.
  crit: z.never().optional(),
})
const payloadSchema = z.object({ iss: z.string().optional() })

export type DecodedToken = {
  readonly header: z.infer<typeof headerSchema>
  readonly payload: z.infer<typeof payloadSchema>
}

export function decodeToken(token: string): DecodedToken {
  const parts = token.split('.')
  const [header, payload, signature] = parts
  if (
    parts.length !== 3 ||
    header === undefined ||
    payload === undefined ||
    !isBase64Url(signature)
  ) {
    throw malformed()
  }
  return {
    header: parsePart(header, headerSchema),
    payload: parsePart(payload, payloadSchema),
  }
}

function parsePart<T>(part: string, schema: z.ZodType<T>): T {
  if (!isBase64Url(part)) throw malformed()
  try {
    return schema.parse(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')))
  } catch {
    throw malformed()
  }
}

function isBase64Url(part: string | undefined): boolean {
  return part !== undefined && /^[A-Za-z0-9_-]+$/.test(part)
}
