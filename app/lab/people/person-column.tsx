'use client'

import { PlayIcon } from 'lucide-react'
import { useId, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { Textarea } from '@/app/components/ui/textarea'
import { useIsHydrated } from '@/app/todos/use-is-hydrated'
import { cn } from '@/lib/cn'
import { askOnce, Refused } from './ask'
import { LiveRows } from './live-rows'
import type { Person } from './people'
import { useLiveAnswer } from './use-live-answer'

type Props = {
  person: Person
  /** What everyone asks. */
  sql: string
}

/** One person: what they see, always up to date, and a statement that they can run. */
export function PersonColumn({ person, sql }: Props) {
  const { name, sub, color, tokenOf } = person
  const live = useLiveAnswer(tokenOf, sql)
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className="flex min-w-0 flex-col gap-4 rounded-xl border bg-card p-4 shadow-sm"
    >
      <header className="flex items-center gap-3">
        <span
          aria-hidden
          className={cn(
            'grid size-10 shrink-0 place-content-center rounded-full text-lg font-medium text-white',
            color,
          )}
        >
          {name === 'Nobody' ? '?' : name[0]}
        </span>
        <div className="min-w-0">
          <h2 id={id} className="text-lg font-semibold">
            {name}
          </h2>
          <p className="font-mono text-sm wrap-anywhere text-muted-foreground">{sub}</p>
        </div>
      </header>
      <LiveRows live={live} />
      <OwnStatement person={person} />
    </section>
  )
}

/** Runs a statement as the person, once. What it changes arrives by the live queries. */
function OwnStatement({ person: { name, tokenOf } }: { person: Person }) {
  const id = useId()
  const [sql, setSql] = useState(`insert into todos (task) values ('Hello from ${name}')`)
  const [said, setSaid] = useState<string | null>(null)
  const [isRunning, setRunning] = useState(false)
  const isReady = useIsHydrated() && !isRunning

  async function run() {
    setRunning(true)
    setSaid(await outcomeOf(() => askOnce(tokenOf, sql)))
    setRunning(false)
  }

  return (
    <form
      className="mt-auto grid grid-cols-1 gap-2 border-t pt-4"
      onSubmit={(event) => {
        event.preventDefault()
        void run()
      }}
    >
      <label htmlFor={id} className="text-sm font-medium">
        Run as {name}
      </label>
      <Textarea
        id={id}
        value={sql}
        spellCheck={false}
        autoCapitalize="off"
        className="min-h-20 font-mono sm:text-sm"
        onChange={(event) => {
          setSql(event.target.value)
        }}
      />
      <Button
        type="submit"
        variant="outline"
        className="justify-self-start"
        disabled={!isReady || sql.trim() === ''}
      >
        <PlayIcon aria-hidden /> Run
      </Button>
      <p role="status" className="text-sm wrap-anywhere empty:hidden">
        {said}
      </p>
    </form>
  )
}

async function outcomeOf(ask: () => ReturnType<typeof askOnce>): Promise<string> {
  try {
    const { command, rowCount } = await ask()
    return `${command}: ${rowCount ?? 0} ${rowCount === 1 ? 'row' : 'rows'}`
  } catch (error) {
    if (error instanceof Refused) return `Refused: ${error.message}`
    return 'It could not be sent: the proxy or the login service does not answer.'
  }
}
