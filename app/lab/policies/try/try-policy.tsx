'use client'

import { PlayIcon } from 'lucide-react'
import { useId, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { Textarea } from '@/app/components/ui/textarea'
import type { Tried } from '../../service/api'
import { Failed } from '../../world/failed'
import { useAnswer } from '../../world/use-answer'
import { useWorld } from '../../world/world'
import { TriedAnswer } from './tried-answer'
import { asOf, type Person } from './who'
import { WhoField } from './who-field'

const STATEMENTS: Readonly<Record<string, string>> = {
  'Read everything': 'select user_id, task from todos',
  'Write as Alice': `insert into todos (user_id, task) values ('alice', 'Pay Bob 100 euros')`,
  'Change everything': `update todos set task = 'Mine now'`,
  'Delete everything': 'delete from todos',
}

type Props = { statements?: Readonly<Record<string, string>>; person?: Person }

/** A statement as a user of one's choice, and what each policy says about it. */
export function TryPolicy({ statements = STATEMENTS, person: first = 'bob' }: Props) {
  const inWorld = useWorld()
  const [person, setPerson] = useState<Person>(first)
  const [claims, setClaims] = useState('{ "sub": "alice" }')
  const [sql, setSql] = useState(Object.values(statements)[0] ?? '')
  const [answer, ask] = useAnswer<Tried>()
  const id = useId()
  const as = asOf(person, claims)

  return (
    <form
      className="grid min-w-0 gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (as === undefined) return
        void ask(() => inWorld((lab, world) => lab.attempt(world, { as, sql })))
      }}
    >
      <WhoField {...{ person, setPerson, claims, setClaims }} isWrong={as === undefined} />
      <div className="grid gap-1.5">
        <label htmlFor={id} className="font-medium">
          Run
        </label>
        <Textarea
          id={id}
          value={sql}
          required
          spellCheck={false}
          className="min-h-16 font-mono"
          onChange={({ target }) => {
            setSql(target.value)
          }}
        />
        <div className="flex flex-wrap gap-2">
          {Object.entries(statements).map(([name, text]) => (
            <Button
              key={name}
              variant="outline"
              onClick={() => {
                setSql(text)
              }}
            >
              {name}
            </Button>
          ))}
        </div>
      </div>
      <Button type="submit" className="justify-self-start" disabled={answer.state === 'waiting'}>
        <PlayIcon aria-hidden />
        {answer.state === 'waiting' ? 'Trying …' : 'Try it, and undo it'}
      </Button>
      <div aria-live="polite" className="grid min-w-0 gap-4 empty:absolute">
        {answer.state === 'failed' && <Failed message={answer.message} />}
        {answer.state === 'here' && <TriedAnswer tried={answer.value} />}
      </div>
    </form>
  )
}
