/** Signs a browser in as a demo user with one click on the app's landing page, in place of a password. */
import { z } from 'zod'
import { findBrowser, newClient, startSession } from './browser'
import type { Clerk } from './context'
import { cookieDirectives } from './cookies'
import { notFound } from './errors'
import { ok } from './reply'
import { parseFields } from './request'
import type { Handler } from './router'
import { mintSessionToken } from './session-token'
import type { Client, User } from './state'
import { findUserByEmail } from './users'

const fieldsOf = ({ demoUsers }: Clerk) =>
  z.object({
    user: z.enum(Object.keys(demoUsers)),
    /** A path of the app. "//evil.example" is none. */
    to: z.string().regex(/^\/([\w-]+(\/[\w-]+)*)?$/),
  })

/**
 * Starts a session, and ends the one that this browser had. A page that asks for JSON gets a session beside the
 * browser's own instead: its token, and the path for the next one.
 */
export const demoSignIn: Handler = async (clerk, request) => {
  const { user: name, to } = parseFields(fieldsOf(clerk), request.body)
  const demo = clerk.demoUsers[name]
  const user = demo && findUserByEmail(clerk.store, demo.email)
  if (!user) throw notFound('The demo user')
  const isBeside = request.headers.accept === 'application/json'
  const client = (isBeside ? undefined : findBrowser(clerk, request)) ?? newClient(clerk)
  if (isBeside) return beside(clerk, client, user, request.pageOrigin)
  const session = startSession(clerk, client, user)
  const state = {
    devBrowser: client.devBrowser,
    sessionToken: await mintSessionToken(clerk, { session, user }, clerk.appOrigin),
    signedInAt: Math.floor(client.updatedAt / 1000),
  }
  return {
    status: 303,
    headers: {
      location: `${clerk.appOrigin}${to}`,
      'set-cookie': cookieDirectives(state, clerk.publishableKey),
    },
  }
}

async function beside(clerk: Clerk, client: Client, user: User, pageOrigin: string) {
  const session = startSession(clerk, client, user)
  const browser = new URLSearchParams({ __clerk_db_jwt: client.devBrowser })
  return ok({
    jwt: await mintSessionToken(clerk, { session, user }, pageOrigin),
    // A path of Clerk's Frontend API.
    next: `/v1/client/sessions/${session.id}/tokens?${browser.toString()}`,
  })
}
