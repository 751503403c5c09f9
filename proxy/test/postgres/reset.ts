/** Empties the embedded database: the next start begins with nothing. */
import { existsSync, rmSync } from 'node:fs'
import { chooseAccount } from './account'
import { findBinaries } from './binaries'
import { openDataDir } from './data-dir'
import { stopLeftover } from './postmaster'

/** @throws DatabaseError when the database is in use. */
// eslint-disable-next-line @typescript-eslint/require-await -- callers await every step alike
export async function resetPostgres(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return
  const account = chooseAccount(dataDir)
  const dir = openDataDir(dataDir, account)
  stopLeftover(dir, findBinaries(account))
  dir.close()
  rmSync(dataDir, { recursive: true })
}
