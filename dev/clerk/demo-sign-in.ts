/** Signs a browser in as a demo user with one click on the app's landing page, in place of a password. */
import { z } from 'zod'
import { findBrowser, newClient, startSession } from './browser'
import type { Clerk } from './context'
import { cookieDirectives } from './cookies'
import { notFound } from './errors'
import { parseFields } from './request'
import type { Handler } from './router'
import { mintSessionToken } from './session-token'
import { findUserByEmail } from './users'

const fieldsOf = ({ demoUsers }: Clerk) =>
  z.object({
    user: z.enum(Object.keys(demoUsers)),
    /** A path of the app. "//evil.example" is none. */
    to: z.string().regex(/^\/([\w-]+(\/[\w-]+)*)?$/),
  })

/** A session like any other; whoever was signed in in this browser no longer is. */
export const demoSignIn: Handler = async (clerk, request) => {
  const { user: name, to } = parseFields(fieldsOf(clerk), request.body)
  const demo = clerk.demoUsers[name]
  const user = demo && findUserByEmail(clerk.store, demo.email)
  if (!user) throw notFound('The demo user')
  const client = findBrowser(clerk, request) ?? newClient(clerk)
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
