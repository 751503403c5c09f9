/**
 * A local stand-in for Clerk: its Frontend API, Backend API and handshake, as far as the real
 * @clerk/nextjs and the real clerk-js need them to sign people up, in and out, with no account and
 * no internet. For development only: it takes one well-known e-mail code, so it listens on
 * 127.0.0.1 and refuses pages of other machines.
 */
import { createServer, type Server } from 'node:http'
import { resolve } from 'node:path'
import { StartError } from './start-error'
import type { Clerk } from './context'
import { ClerkError } from './errors'
import { Handshakes } from './handshakes'
import { writeReply, type Reply } from './reply'
import { readRequest } from './request'
import { route } from './router'
import { routes } from './routes'
import { loadSigningKey } from './signing-key'
import { openStore } from './store'
import { addDemoUsers, type DemoUsers } from './users'
import { Webhooks, type WebhookOptions } from './webhooks'

export type ClerkOptions = {
  /** 0 takes any free port. */
  port: number
  /** Of the app, such as `http://localhost:3000`. */
  appOrigin: string
  /** Users, sessions and the signing key, kept between runs. */
  stateFile: string
  /** What the Backend API wants as its Bearer token. */
  secretKey: string
  publishableKey: string
  /** Who can sign in before anyone has signed up. */
  demoUsers: DemoUsers
  /** Filled by `ensureClerkAssets`. */
  assetsDir: string
  /** Ask a new user for the e-mailed code (always 424242 here); off by default. */
  verifyEmailAtSignUp?: boolean
  /** Where the app wants to be told that a user is gone. */
  webhooks?: WebhookOptions
  /** Milliseconds since 1970; tests pass their own clock. */
  now?: () => number
}

export type RunningClerk = {
  /** `http://127.0.0.1:<port>`: CLERK_API_URL, and the issuer of session tokens. */
  url: string
  stop: () => Promise<void>
}

/**
 * Starts the emulator, with the demo users when its state is empty.
 * @throws StartError when the port is taken or the state file cannot be read.
 */
export async function startClerk(options: ClerkOptions): Promise<RunningClerk> {
  const now = options.now ?? Date.now
  const store = await openStore(options.stateFile)
  const signingKey = await loadSigningKey(store.signingKey)
  if (store.users.size === 0) await addDemoUsers({ store, now }, options.demoUsers)
  const webhooks = options.webhooks && new Webhooks(options.webhooks, store, now)
  const server = createServer()
  const url = `http://127.0.0.1:${await listen(server, options.port)}`
  const clerk: Clerk = {
    url,
    appOrigin: new URL(options.appOrigin).origin,
    store,
    handshakes: new Handshakes(now),
    signingKey,
    webhooks,
    secretKey: options.secretKey,
    publishableKey: options.publishableKey,
    assetsDir: resolve(options.assetsDir),
    verifyEmailAtSignUp: options.verifyEmailAtSignUp ?? false,
    demoUsers: options.demoUsers,
    now,
  }
  server.on('request', (message, response) => {
    void answer(clerk, message).then((reply) => {
      writeReply(response, reply)
    })
  })
  return {
    url,
    stop: () => {
      webhooks?.stop()
      return stop(server)
    },
  }
}

async function answer(clerk: Clerk, message: Parameters<typeof readRequest>[0]): Promise<Reply> {
  try {
    return await route(routes, clerk, await readRequest(message))
  } catch (error) {
    if (error instanceof ClerkError) return { status: error.status, body: error }
    // Only the message: other parts of an error may contain a password.
    console.error(`The local Clerk failed: ${error instanceof Error ? error.message : 'unknown'}`)
    const failure = new ClerkError(500, 'internal_clerk_error', 'The local Clerk failed.')
    return { status: failure.status, body: failure }
  }
}

/** @returns the port. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      failed(
        error.code === 'EADDRINUSE'
          ? new StartError(
              `Port ${port} is taken, and the local Clerk needs it: ` +
                'stop what listens there, or set CLERK_LOCAL_PORT.',
            )
          : error,
      )
    })
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      done(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => {
      done()
    })
    server.closeAllConnections()
  })
}
