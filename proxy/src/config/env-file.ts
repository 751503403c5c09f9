import { existsSync } from 'node:fs'

const FILE = '.env.local'

/** Adds the variables of `.env.local`, where there is such a file; those of the process win. */
export function loadEnvFile(): void {
  if (existsSync(FILE)) process.loadEnvFile(FILE)
}
