'use client'

import { CheckIcon, XIcon } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { MISTAKES, type Checked, type Mistake } from '../../service/api'
import { Failed } from '../../world/failed'
import { useAnswer } from '../../world/use-answer'
import { useWorld } from '../../world/world'
import { Code } from '../../frame/code'
import { OutcomeLine } from '../try/tried-answer'

/** What is wrong? The answer is measured: the same attack before the repair and after it. */
export function Guess({ onFound }: { onFound: () => void }) {
  const inWorld = useWorld()
  const [mistake, setMistake] = useState<Mistake | null>(null)
  const [answer, ask] = useAnswer<Checked>()

  return (
    <form
      className="grid min-w-0 gap-4 border-t pt-5"
      onSubmit={(event) => {
        event.preventDefault()
        if (mistake === null) return
        void ask(async () => {
          const checked = await inWorld((lab, world) => lab.guess(world, mistake))
          if (checked.isFound) onFound()
          return checked
        })
      }}
    >
      <fieldset className="grid gap-x-6 sm:grid-cols-2">
        <legend className="pb-1 font-medium">What is wrong here?</legend>
        {MISTAKES.map((each) => (
          <label key={each} className="flex min-h-11 cursor-pointer items-center gap-3">
            <input
              type="radio"
              name="mistake"
              value={each}
              checked={mistake === each}
              className="size-5 shrink-0 accent-primary"
              onChange={() => {
                setMistake(each)
              }}
            />
            {each}
          </label>
        ))}
      </fieldset>
      <Button
        type="submit"
        className="justify-self-start"
        disabled={mistake === null || answer.state === 'waiting'}
      >
        {answer.state === 'waiting' ? 'Repairing and attacking …' : 'Repair it, and attack again'}
      </Button>
      <div aria-live="polite" className="grid min-w-0 gap-4 empty:absolute">
        {answer.state === 'failed' && <Failed message={answer.message} />}
        {answer.state === 'here' && <CheckedAnswer checked={answer.value} />}
      </div>
    </form>
  )
}

function CheckedAnswer({
  checked: { isFound, repair, attack, before, after },
}: {
  checked: Checked
}) {
  const Icon = isFound ? CheckIcon : XIcon
  return (
    <>
      <p className="flex items-center gap-2 text-lg font-semibold">
        <Icon aria-hidden className={`size-5 ${isFound ? 'text-primary' : 'text-destructive'}`} />
        {isFound ? 'Found: that was it.' : 'Not that: it is as wrong as before.'}
      </p>
      <div className="grid gap-4 lg:grid-cols-2">
        <div className="grid min-w-0 content-start gap-2">
          <h3 className="font-medium">The repair</h3>
          <Code>{repair}</Code>
        </div>
        <div className="grid min-w-0 content-start gap-2">
          <h3 className="font-medium">The same statement, as {attack.as?.sub ?? 'nobody'}</h3>
          <Code>{attack.sql}</Code>
          <p className="text-sm text-muted-foreground">before</p>
          <OutcomeLine outcome={before} />
          <p className="text-sm text-muted-foreground">after</p>
          <OutcomeLine outcome={after} />
        </div>
      </div>
    </>
  )
}
