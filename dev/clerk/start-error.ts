/** Why the local Clerk cannot start: one sentence for the person at the keyboard. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
