/** The state in memory, and on disk: each save replaces the file whole, readable by its owner only. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from './start-error'
import { generateSigningKey } from './signing-key'
import {
  stateFile,
  type Client,
  type PendingWebhook,
  type StateFile,
  type Ticket,
  type User,
} from './state'

export type Store = {
  signingKey: StateFile['signingKey']
  /** By id. */
  users: Map<string, User>
  /** By dev browser token. */
  clients: Map<string, Client>
  /** By digest. */
  tickets: Map<string, Ticket>
  /** By id. */
  webhooks: Map<string, PendingWebhook>
  save: () => void
}

/**
 * Opens the state kept in `file`, or an empty one with a fresh signing key.
 * @throws StartError when the file is there and cannot be read.
 */
export async function openStore(file: string): Promise<Store> {
  const kept = readStateFile(file)
  const store: Store = {
    signingKey: kept?.signingKey ?? (await generateSigningKey()),
    users: new Map(kept?.users.map((user) => [user.id, user])),
    clients: new Map(kept?.clients.map((client) => [client.devBrowser, client])),
    tickets: new Map(kept?.tickets.map((ticket) => [ticket.digest, ticket])),
    webhooks: new Map(kept?.webhooks.map((webhook) => [webhook.id, webhook])),
    save: () => {
      writeStateFile(file, {
        version: 1,
        signingKey: store.signingKey,
        users: [...store.users.values()],
        clients: [...store.clients.values()],
        tickets: [...store.tickets.values()],
        webhooks: [...store.webhooks.values()],
      })
    },
  }
  return store
}

function readStateFile(file: string): StateFile | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new StartError(`The local Clerk cannot read its state in ${file}: check its permissions.`)
  }
  try {
    return stateFile.parse(JSON.parse(text))
  } catch {
    throw new StartError(
      `The local Clerk does not understand its state in ${file}: ` +
        'delete the file to start with the demo users only.',
    )
  }
}

function writeStateFile(file: string, state: StateFile) {
  const draft = `${file}.${process.pid}.tmp`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(draft, JSON.stringify(state, null, 2), { mode: 0o600 })
  renameSync(draft, file)
}
