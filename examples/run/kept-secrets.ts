/** An example's passwords and keys: random, kept between runs in a file that its owner alone can read. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const secrets = z.object({
  postgres: z.string(),
  authenticator: z.string(),
  /** 32 bytes, base64. */
  session: z.string(),
  /** 64 hexadecimal digits. */
  app: z.string(),
})

export type Secrets = z.infer<typeof secrets>

export function keptSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json')
  if (existsSync(file)) return secrets.parse(JSON.parse(readFileSync(file, 'utf8')))
  const made: Secrets = {
    postgres: randomBytes(18).toString('base64url'),
    authenticator: randomBytes(18).toString('base64url'),
    session: randomBytes(32).toString('base64'),
    app: randomBytes(32).toString('hex'),
  }
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 })
  return made
}
