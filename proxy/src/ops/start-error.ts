/** Why the program could not start, in one sentence that says what to do. */
import { ConfigError } from '../config/config'

/** Its message is such a sentence already. */
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
