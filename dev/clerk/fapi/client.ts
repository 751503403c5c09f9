/** The browser itself: a new one, its state, and signing it out. */
import { endSession, newClient, requireClient } from '../browser'
import { ok } from '../reply'
import { clientJson } from '../resources/client'
import type { Handler } from '../router'
import { read } from './reply'

/** Gives a new browser the token that identifies it from now on. */
export const createDevBrowser: Handler = (clerk) => {
  const { devBrowser } = newClient(clerk)
  return ok({ id: devBrowser, token: devBrowser })
}

export const getClient: Handler = async (clerk, request) =>
  read(await clientJson(clerk, requireClient(clerk, request), request.pageOrigin))

/** Signs out of every session in this browser. */
export const signOut: Handler = async (clerk, request) => {
  const client = requireClient(clerk, request)
  endSession(clerk, client)
  return read(await clientJson(clerk, client, request.pageOrigin))
}
