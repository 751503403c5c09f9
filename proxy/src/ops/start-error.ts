/** Turns a start-up error into one sentence that says what to do. */
import { ConfigError } from '../config/config'

/** An error whose message is already such a sentence. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

export function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StartError) return error.message
  const { code, port } = error as { code?: string; port?: number }
  if (code === 'EADDRINUSE') {
    return `Port ${port ?? 0} is taken; stop what listens there or set PROXY_PORT to another.`
  }
  return `The proxy could not start: ${error instanceof Error ? error.message : 'unknown reason'}`
}
