import { useState } from 'react'
import { DEMO_USERS } from '@/db/demo-users'
import { useAsUser } from '@/lib/auth/use-as-user'
import { failed, succeeded } from '@/lib/problem'
import { sentenceFor } from '../sql/app-proxy'
import { sendTraced, type TracedStatement } from '../trace/send-traced'
import type { Shown } from '../trace/stops'
import type { Trace } from '../trace/trace'
import { forged, shortSignature } from './token'

export type Sent = { id: number; answer: Shown; trace: Trace | undefined }

/** Sends statements as the signed-in user, and keeps the last answer. */
export function useSend() {
  const asUser = useAsUser()
  const [sent, setSent] = useState<Sent | null>(null)
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function send(statement: TracedStatement, forges: boolean): Promise<void> {
    setSending(true)
    const result = await asUser(async (own) => {
      const token = forges ? forged(own, DEMO_USERS.bob.id) : own
      const answer = await sendTraced(token, statement)
      // It may have expired on the way; a forged one is meant to be refused.
      if (!forges && answer.code === 'token_expired') return failed('signed-out')
      const { trace, ...shown } = answer
      return succeeded({ trace, answer: { ...shown, signature: shortSignature(token) } })
    })
    setSending(false)
    setProblem(result.ok ? null : sentenceFor(result.problem))
    if (result.ok) setSent((last) => ({ id: (last?.id ?? 0) + 1, ...result.value }))
  }

  return { sent, isSending, problem, send }
}
