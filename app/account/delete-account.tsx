'use client'

import { CircleAlertIcon } from 'lucide-react'
import { useId, useRef, useState, useTransition, type SubmitEvent } from 'react'
import { Alert } from '@/app/components/ui/alert'
import { Button } from '@/app/components/ui/button'
import { Input } from '@/app/components/ui/input'
import { useSignOut } from '@/lib/auth/account'
import { useAsUser } from '@/lib/auth/use-as-user'
import type { Problem } from '@/lib/problem'
import { deleteAccount } from './actions'
import { forgetOnDevice } from './forget-device'

const PHRASE = 'delete my account'

const reasons: Partial<Record<Problem, string>> = {
  'signed-out': 'Your session has ended. Sign in again, then delete your account.',
  refused: 'Deleting accounts is not set up here. Ask the operator of this app.',
}

/** Asks to be sure, says what goes, and then deletes it. */
export function DeleteAccount({ userId }: { userId: string }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isDeleting, startDeleting] = useTransition()
  const signOut = useSignOut()
  const asUser = useAsUser()
  const isSure = typed.trim().toLowerCase() === PHRASE

  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!isSure) return
    startDeleting(async () => {
      const result = await asUser(() => deleteAccount())
      if (!result.ok) {
        setProblem(
          reasons[result.problem] ??
            'Your account was not deleted: the login service could not be reached. Try again.',
        )
        return
      }
      forgetOnDevice(userId)
      await signOut?.('/?account=deleted')
    })
  }

  return (
    <>
      <Button
        variant="destructive"
        className="h-auto max-w-full py-2 whitespace-normal"
        onClick={() => dialog.current?.showModal()}
      >
        Delete my account …
      </Button>
      <dialog
        ref={dialog}
        aria-labelledby={title}
        className="m-auto w-[28rem] max-w-[calc(100vw-2rem)] rounded-xl border bg-popover p-6 text-popover-foreground shadow-2xl backdrop:bg-black/50"
        onClose={() => {
          setTyped('')
          setProblem(null)
        }}
      >
        <form onSubmit={submit} className="grid gap-4">
          <h2 id={title} className="text-lg font-semibold">
            Delete your account and all your data?
          </h2>
          <ul className="grid list-disc gap-1 pl-5 text-sm text-muted-foreground">
            <li>Your login and all your sessions end now.</li>
            <li>Your todos are deleted, those in lists of other people too.</li>
            <li>
              A list of yours that others use goes to the member who may edit it for the longest. A
              list without such a member is deleted.
            </li>
            <li>Nobody can undo this.</li>
          </ul>
          <label className="grid gap-2 text-sm">
            <span>
              Type <strong>{PHRASE}</strong> to go on:
            </span>
            <Input
              value={typed}
              autoComplete="off"
              autoCapitalize="none"
              onChange={({ target }) => {
                setTyped(target.value)
              }}
            />
          </label>
          {problem !== null && (
            <Alert>
              <CircleAlertIcon aria-hidden />
              {problem}
            </Alert>
          )}
          <div className="flex flex-wrap justify-end gap-2">
            <Button variant="outline" onClick={() => dialog.current?.close()}>
              Cancel
            </Button>
            <Button type="submit" variant="destructive" disabled={!isSure || isDeleting}>
              {isDeleting ? 'Deleting …' : 'Delete everything'}
            </Button>
          </div>
        </form>
      </dialog>
    </>
  )
}
