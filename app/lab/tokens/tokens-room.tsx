'use client'

import { useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { useIsHydrated } from '@/app/todos/use-is-hydrated'
import { Failed } from '../world/failed'
import { useAnswer } from '../world/use-answer'
import { useWorld } from '../world/world'
import { judge, type Judged } from './judge'
import { Judgement } from './judgement'
import { orderOf, type FieldProblems } from './order'
import { PRESETS, USUAL, type Fields } from './presets'
import { SentToken } from './sent-token'
import { TokenForm } from './token-form'
import { TokenText } from './token-text'

/** Make a token, send it, and see which check refuses it. */
export function TokensRoom() {
  const inWorld = useWorld()
  const [fields, setFields] = useState<Fields>(USUAL)
  const [problems, setProblems] = useState<FieldProblems>({})
  const [answer, ask] = useAnswer<Judged>()
  const isReady = useIsHydrated() && answer.state !== 'waiting'

  function send(chosen: Fields) {
    setFields(chosen)
    const parsed = orderOf(chosen)
    setProblems(parsed.problems ?? {})
    if (parsed.problems !== undefined) return
    const { order } = parsed
    void ask(() => inWorld((lab, world) => judge(lab, world, order)))
  }

  return (
    <>
      <div role="group" aria-label="Tokens" className="flex flex-wrap gap-2">
        {PRESETS.map((preset) => (
          <Button
            key={preset.label}
            variant="outline"
            aria-pressed={fields === preset.fields}
            disabled={!isReady}
            className="aria-pressed:border-primary aria-pressed:font-semibold"
            onClick={() => {
              send(preset.fields)
            }}
          >
            {preset.label}
          </Button>
        ))}
      </div>
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,22rem)_minmax(0,1fr)]">
        <div aria-live="polite" className="grid grid-cols-1 gap-4 lg:col-start-2 lg:row-start-1">
          {answer.state === 'none' && (
            <p className="text-muted-foreground">Pick a token above, or change one by hand.</p>
          )}
          {answer.state === 'waiting' && <p>The proxy checks the token…</p>}
          {answer.state === 'failed' && <Failed message={answer.message} />}
          {answer.state === 'here' && (
            <>
              <Judgement outcome={answer.value.outcome} />
              <SentToken {...answer.value.made}>
                <TokenText token={answer.value.made.token} />
              </SentToken>
            </>
          )}
        </div>
        <TokenForm
          {...{ fields, problems }}
          isReady={isReady}
          onChange={setFields}
          onSend={() => {
            send(fields)
          }}
        />
      </div>
    </>
  )
}
