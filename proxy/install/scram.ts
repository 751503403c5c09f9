/** Computes the SCRAM-SHA-256 verifier of a password, so that the password itself is never sent. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

/** PostgreSQL's own default (`scram_iterations`). */
const ITERATIONS = 4096

/**
 * @param password in ASCII; other alphabets would need SASLprep (RFC 4013)
 * @returns what PostgreSQL stores in `pg_authid.rolpassword` (RFC 5803) and takes as `PASSWORD '…'`
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64')
  const serverKey = hmac('Server Key').toString('base64')
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
