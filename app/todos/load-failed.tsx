'use client'

import { CircleAlertIcon } from 'lucide-react'
import { Alert } from '@/app/components/ui/alert'
import { buttonClass } from '@/app/components/ui/button'
import type { Problem } from '@/lib/problem'
import { reason } from './messages'
import { SignInAgain } from './sign-in-again'

export function LoadFailed({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  return (
    <Alert>
      <CircleAlertIcon aria-hidden />
      <div className="grid flex-1 justify-items-start gap-3">
        <p>Your todos could not be loaded. {reason(problem)}</p>
        {problem === 'signed-out' ? (
          <SignInAgain />
        ) : (
          // A link, so that it works before JavaScript does.
          <a
            href=""
            className={buttonClass({ variant: 'outline' })}
            onClick={(event) => {
              event.preventDefault()
              onRetry()
            }}
          >
            Retry
          </a>
        )}
      </div>
    </Alert>
  )
}
