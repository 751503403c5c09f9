/** The session in this browser: kept alive, a fresh token of it, its end. */
import { endSession, requireClient, requireSession } from '../browser'
import { notFound } from '../errors'
import { ok } from '../reply'
import { sessionJson, tokenJson } from '../resources/client'
import type { Handler } from '../router'
import { changed, read } from './reply'

export const getSession: Handler = async (clerk, request) => {
  const { session, user } = requested(clerk, request)
  return read(await sessionJson(clerk, session, user, request.pageOrigin))
}

/** clerk-js calls this after each sign-in, and whenever the tab gets the focus. */
export const touchSession: Handler = async (clerk, request) => {
  const { session, user } = requested(clerk, request)
  session.lastActiveAt = clerk.now()
  clerk.store.save()
  return changed(clerk, request, await sessionJson(clerk, session, user, request.pageOrigin))
}

export const createToken: Handler = async (clerk, request) => {
  return ok(await tokenJson(clerk, requested(clerk, request), request.pageOrigin))
}

/** Signs out of one session; there is never another. */
export const removeSession: Handler = async (clerk, request) => {
  const { session, user } = requested(clerk, request)
  const view = await sessionJson(clerk, session, user, request.pageOrigin)
  endSession(clerk, requireClient(clerk, request))
  return changed(clerk, request, { ...view, status: 'removed', last_active_token: null })
}

/** Custom tokens are made in Clerk's dashboard, which the emulator has not. */
export const createTemplateToken: Handler = () => {
  throw notFound('The JWT template')
}

function requested(...[clerk, request]: Parameters<Handler>) {
  return requireSession(clerk, requireClient(clerk, request), request.params.id ?? '')
}
