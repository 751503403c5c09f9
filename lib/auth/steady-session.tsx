'use client'

import { useClerk } from '@clerk/nextjs'
import { useEffect } from 'react'
import { steadyTokens } from './steady-token'

const makeSteady = steadyTokens()

/** Keeps the session's token young on every page, also where the browser's clock is wrong. */
export function SteadySession() {
  const clerk = useClerk()
  useEffect(
    () =>
      clerk.addListener(({ session }) => {
        if (session) makeSteady(session)
      }),
    [clerk],
  )
  return null
}
