/** Chooses the system user that Postgres runs as; never root, which Postgres refuses. */
import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process'
import { statSync } from 'node:fs'
import { DatabaseError } from '../../install/database-error'

/** A system user to run as; `null` is the user who runs this program. */
export type Account = { uid: number; gid: number } | null

/**
 * For root: the owner of an existing data directory, so that `sudo` and a plain run can take turns,
 * else the system user `postgres`, which is created where it does not exist.
 */
export function chooseAccount(dataDir: string): Account {
  if (process.getuid?.() !== 0) return null
  const owner = statSync(dataDir, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return findPostgresUser() ?? createPostgresUser()
}

function findPostgresUser(): Account {
  try {
    const number = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], quietly))
    return { uid: number('-u'), gid: number('-g') }
  } catch {
    return null
  }
}

function createPostgresUser(): Account {
  // A group of that name may be left over from a removed package.
  for (const group of [['--user-group'], ['--gid', 'postgres']]) {
    try {
      const args = ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin']
      execFileSync('useradd', [...args, ...group, 'postgres'], quietly)
      break
    } catch {
      continue
    }
  }
  const account = findPostgresUser()
  if (account !== null) return account
  throw new DatabaseError(
    'Postgres does not run as root, and a system user “postgres” could not be created for it: ' +
      'create one (useradd --system postgres), or run this as an ordinary user.',
  )
}

const quietly: ExecFileSyncOptionsWithStringEncoding = {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
  env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
}
