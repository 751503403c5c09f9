/** What a stand-in keeps between runs, in one file that is replaced whole and readable by its owner only. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { UserError } from '../../dev/user-error'

const user = z.object({
  id: z.string(),
  /** Lower case. */
  email: z.string(),
  passwordHash: z.string(),
  /** Seconds since 1970. */
  createdAt: z.number(),
})

const session = z.object({
  id: z.string(),
  userId: z.string(),
  startedAt: z.number(),
  /** Digests: of the refresh token that counts, and of those that it replaced. */
  current: z.string(),
  former: z.array(z.string()),
})

const state = z.object({
  version: z.literal(1),
  key: z.object({ kid: z.string(), pkcs8: z.string() }),
  clientSecret: z.string(),
  users: z.array(user),
  sessions: z.array(session),
})

export type User = z.infer<typeof user>
export type Session = z.infer<typeof session>
export type State = z.infer<typeof state>

export type Store = { readonly state: State; readonly save: () => void }

/** @throws UserError when the file is there and cannot be understood */
export async function openStore(file: string, fresh: () => Promise<State>): Promise<Store> {
  const kept = read(file)
  const current = kept ?? (await fresh())
  const save = () => {
    const draft = `${file}.${process.pid}.tmp`
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(draft, JSON.stringify(current, null, 2), { mode: 0o600 })
    renameSync(draft, file)
  }
  if (kept === undefined) save()
  return { state: current, save }
}

function read(file: string): State | undefined {
  try {
    return state.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new UserError(
      `The stand-in does not understand its state in ${file}: delete that file to start with the demo users only.`,
    )
  }
}
