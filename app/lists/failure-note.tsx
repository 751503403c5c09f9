'use client'

import { CircleAlertIcon } from 'lucide-react'
import { Alert } from '@/app/components/ui/alert'

/** Why the last attempt failed; announced when it appears. */
export function FailureNote({ failure }: { failure: string | null }) {
  if (failure === null) return null
  return (
    <Alert>
      <CircleAlertIcon aria-hidden />
      <p className="min-w-0 wrap-anywhere">{failure}</p>
    </Alert>
  )
}
