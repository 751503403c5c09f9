/** Makes the user's session available to pages and server actions, and sets what pages may load. */
import { clerkMiddleware } from '@clerk/nextjs/server'
import { NextResponse, type NextFetchEvent, type NextRequest } from 'next/server'
import { unavailablePage } from '../public-page'
import { contentSecurityPolicy } from './content-security-policy'

/** Clerk's keys are kept after the first request; its SDK would wait for them without end. */
const TIMEOUT_MS = 4_000

const hook = clerkMiddleware({ contentSecurityPolicy })

/** @returns a page that says so when Clerk does not answer in time */
export async function authenticate(request: NextRequest, event: NextFetchEvent): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<Response>((resolve) => {
    timer = setTimeout(() => {
      resolve(unavailablePage(request))
    }, TIMEOUT_MS)
  })
  try {
    const answer = Promise.resolve(hook(request, event))
    return (await Promise.race([answer, tooLate])) ?? NextResponse.next()
  } finally {
    clearTimeout(timer)
  }
}
