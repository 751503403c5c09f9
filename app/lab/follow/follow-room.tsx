'use client'

import { SendIcon } from 'lucide-react'
import { useState } from 'react'
import { Alert } from '@/app/components/ui/alert'
import { Button } from '@/app/components/ui/button'
import { Textarea } from '@/app/components/ui/textarea'
import { useIsHydrated } from '@/app/todos/use-is-hydrated'
import { Stops } from '../trace/stops'
import { ACTION_NAMES, actionOf, ACTIONS, type Action, type ActionName } from './actions'
import { useSend } from './use-send'

/** Typed SQL has its values in its text. */
const OWN_SQL: Pick<Action, 'params' | 'forges'> = { params: [] }

/** All stops fit on a projector’s screen, but not below the form. */
function scrollThere(stops: HTMLElement | null): void {
  stops?.scrollIntoView({ block: 'start' })
}

/** Pick an action or type SQL, send it, and follow it. */
export function FollowRoom() {
  const [chosen, setChosen] = useState<ActionName | null>('read')
  const [sql, setSql] = useState<string>(ACTIONS.read.sql)
  const { sent, isSending, problem, send } = useSend()
  const isReady = useIsHydrated() && !isSending
  const { params, forges = false } = chosen === null ? OWN_SQL : actionOf(chosen)

  function pick(action: ActionName) {
    setChosen(action)
    setSql(ACTIONS[action].sql)
    const picked = actionOf(action)
    void send(picked, picked.forges ?? false)
  }

  return (
    <>
      <form
        className="grid grid-cols-1 gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void send({ sql, params }, forges)
        }}
      >
        <div role="group" aria-label="Actions" className="flex flex-wrap gap-2">
          {ACTION_NAMES.map((action) => (
            <Button
              key={action}
              variant="outline"
              aria-pressed={action === chosen}
              disabled={!isReady}
              className="aria-pressed:border-primary aria-pressed:font-semibold"
              onClick={() => {
                pick(action)
              }}
            >
              {ACTIONS[action].label}
            </Button>
          ))}
        </div>
        <label htmlFor="follow-sql" className="sr-only">
          SQL
        </label>
        <div className="flex flex-wrap items-start gap-2">
          <Textarea
            id="follow-sql"
            value={sql}
            spellCheck={false}
            autoCapitalize="off"
            className="min-h-11 min-w-60 flex-1 font-mono"
            onChange={(event) => {
              setSql(event.target.value)
              setChosen(null)
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                event.preventDefault()
                event.currentTarget.form?.requestSubmit()
              }
            }}
          />
          <Button type="submit" disabled={!isReady || sql.trim() === ''}>
            <SendIcon aria-hidden /> Send
          </Button>
        </div>
        {params.length > 0 && (
          <p className="text-sm text-muted-foreground">
            $1 is <code className="font-mono">{params[0]}</code>; it travels apart from the text.
          </p>
        )}
      </form>
      {problem !== null && <Alert>{problem}</Alert>}
      {sent !== null && (
        <div key={sent.id} ref={scrollThere} className="scroll-mt-4">
          {sent.trace === undefined ? (
            <Alert>The proxy gave no trace: start it with PROXY_TRACE=on.</Alert>
          ) : (
            <Stops trace={sent.trace} answer={sent.answer} />
          )}
        </div>
      )}
    </>
  )
}
