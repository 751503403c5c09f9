'use client'

import { CircleAlertIcon, XIcon } from 'lucide-react'
import { Alert } from '@/app/components/ui/alert'
import { Button } from '@/app/components/ui/button'
import { failureMessage, remedy, type Failure } from './messages'
import { SignInAgain } from './sign-in-again'
import type { MakeChange } from './use-changes'

type Props = { failure: Failure; makeChange: MakeChange; onDismiss: () => void }

export function FailureAlert({ failure, makeChange, onDismiss }: Props) {
  const offer = remedy(failure)
  return (
    <Alert className="mx-4 mb-4 sm:mx-5">
      <CircleAlertIcon aria-hidden />
      <div className="grid min-w-0 flex-1 justify-items-start gap-2">
        <p className="max-w-full wrap-anywhere">{failureMessage(failure)}</p>
        {failure.problem === 'signed-out' && <SignInAgain />}
        {offer && (
          <Button variant="outline" onClick={() => void makeChange(offer.change)}>
            {offer.label}
          </Button>
        )}
      </div>
      <Button
        variant="ghost"
        size="icon"
        className="-my-2 -mr-3"
        aria-label="Dismiss"
        onClick={onDismiss}
      >
        <XIcon aria-hidden />
      </Button>
    </Alert>
  )
}
