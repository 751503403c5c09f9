/** The code that a real Clerk would e-mail, to prove an address at sign-up or to sign in. */
import { ClerkError, formError } from './errors'

/** What Clerk's own test mode accepts: nothing is e-mailed there either. */
const TEST_CODE = '424242'

/** @throws ClerkError unless a code was asked for and this is it. */
export function assertEmailCode(attempt: { emailCodeSent: boolean }, code: string) {
  if (!attempt.emailCodeSent) {
    throw new ClerkError(400, 'verification_missing', 'Ask for a code first.')
  }
  if (code !== TEST_CODE) throw formError('form_code_incorrect', 'Incorrect code.', 'code')
}
