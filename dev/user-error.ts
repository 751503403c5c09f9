import { DatabaseError } from '../proxy/install/database-error'
import { StartError } from './clerk/start-error'

/** A mistake that the person at the keyboard can mend: shown as its one sentence, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** What to print of an error that ends a program. */
export function shown(error: unknown): unknown {
  const isMistake = [UserError, DatabaseError, StartError].some((kind) => error instanceof kind)
  return isMistake ? (error as Error).message : error
}
