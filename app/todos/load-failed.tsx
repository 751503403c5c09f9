'use client'

import { CircleAlertIcon } from 'lucide-react'
import { Alert } from '@/app/components/ui/alert'
import { Button } from '@/app/components/ui/button'
import type { Problem } from '@/lib/problem'
import { reason } from './messages'
import { SignInAgain } from './sign-in-again'

type Props = { problem: Problem; isRetrying: boolean; onRetry: () => void }

export function LoadFailed({ problem, isRetrying, onRetry }: Props) {
  return (
    <Alert>
      <CircleAlertIcon aria-hidden />
      <div className="grid flex-1 justify-items-start gap-3">
        <p>Your todos could not be loaded. {reason(problem)}</p>
        {problem === 'signed-out' ? (
          <SignInAgain />
        ) : (
          <Button variant="outline" disabled={isRetrying} onClick={onRetry}>
            Retry
          </Button>
        )}
      </div>
    </Alert>
  )
}
