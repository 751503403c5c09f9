'use client'
import { useCallback, useRef } from 'react'
import { DEMO_USERS } from '@/db/demo-users'
import { useAsUser, type AsUser } from '@/lib/auth/use-as-user'
import { callProblem, failed, succeeded } from '@/lib/problem'
import { DemoSession } from '../people/demo-session'
import type { Names, Run } from '../service/api'
import { LabError } from '../service/client'
import { runSql } from '../sql/run-sql'
import { APP_PROXY, sentenceFor } from '../sql/app-proxy'
import { openAppScene, type AppScene, type AppUser } from './app-scene'
import type { Attempt } from './scene'

/** The signed-in user, and where the form of the demo users is sent to, if there are any. */
export type Self = { readonly userId: string; readonly demo: string | null }

/** Attempts attacks on the app, as its signed-in user. */
export function useAppAttempt(
  self: Self | null,
  { tables }: Names,
): (sql: Run['sql']) => Promise<Attempt> {
  const asUser = useAsUser()
  const scene = useRef<Promise<AppScene>>(null)
  return useCallback(
    async (sql) => {
      if (self === null) throw new LabError(sentenceFor('signed-out'))
      const opened = (scene.current ??= openAppScene(
        signedIn(self, asUser),
        othersThan(self),
        tables,
      ))
      try {
        return await (
          await opened
        )(sql)
      } catch (error) {
        // The next attempt tries again.
        scene.current = null
        throw error instanceof LabError ? error : new LabError(sentenceFor(callProblem(error)))
      }
    },
    [self, asUser, tables],
  )
}

function signedIn({ userId }: Self, asUser: AsUser): AppUser {
  return {
    id: userId,
    run: async (order) => {
      const result = await asUser(async (token) => {
        const outcome = await runSql(APP_PROXY, token, order)
        // It may have expired on the way.
        return outcome.error?.proxyCode === 'token_expired'
          ? failed('signed-out')
          : succeeded(outcome)
      })
      if (result.ok) return result.value
      throw new LabError(sentenceFor(result.problem))
    },
  }
}

/** Demo users have todos that one can look for in an answer. */
const KNOWN = ['alice', 'bob'] as const

export function othersKnownTo({ userId, demo }: Self) {
  return demo === null ? [] : KNOWN.filter((name) => DEMO_USERS[name].id !== userId)
}

function othersThan(self: Self): AppUser[] {
  return othersKnownTo(self).map((name) => {
    const session = new DemoSession(self.demo ?? '', name)
    return {
      id: DEMO_USERS[name].id,
      run: async (order) => runSql(APP_PROXY, await session.token(), order),
    }
  })
}
