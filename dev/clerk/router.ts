/** Finds the handler of a request by its method and path. */
import type { Clerk } from './context'
import { notFound } from './errors'
import type { Reply } from './reply'
import type { ClerkRequest } from './request'

export type Handler = (clerk: Clerk, request: ClerkRequest) => Reply | Promise<Reply>

/** Method and pattern, as in `POST /v1/client/sign_ins/:id`; a last segment `*` takes the rest. */
export type Routes = Readonly<Record<`${string} /${string}`, Handler>>

/** @throws ClerkError (404) when no route takes the request. */
export async function route(routes: Routes, clerk: Clerk, request: ClerkRequest): Promise<Reply> {
  for (const [pattern, handle] of Object.entries(routes)) {
    const params = match(pattern, `${request.method} ${request.path}`)
    if (params) return await handle(clerk, { ...request, params })
  }
  throw notFound('This address')
}

function match(pattern: string, target: string): Record<string, string> | undefined {
  const names = pattern.split('/')
  const values = target.split('/')
  if (names.at(-1) === '*') values.splice(names.length - 1, Infinity, '*')
  if (names.length !== values.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, name] of names.entries()) {
    const value = values[index] ?? ''
    if (name.startsWith(':')) params[name.slice(1)] = value
    else if (name !== value) return undefined
  }
  return params
}
