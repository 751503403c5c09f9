'use client'

import { useCallback, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { Textarea } from '@/app/components/ui/textarea'
import { useIsHydrated } from '@/app/todos/use-is-hydrated'
import { useAsUser } from '@/lib/auth/use-as-user'
import { succeeded } from '@/lib/problem'
import { demoPeople, ownPeople, type Person } from './people'
import { PersonColumn } from './person-column'

const QUERY =
  'select task, is_complete from todos where list_id is null order by inserted_at desc limit 6'

/** @param demo where the form of the demo users is sent to; without them, the visitor stands beside nobody */
export function PeopleRoom({ demo, userId }: { demo: string | null; userId: string | null }) {
  return demo === null ? <WithSelf userId={userId ?? ''} /> : <WithDemoUsers action={demo} />
}

function WithDemoUsers({ action }: { action: string }) {
  const [people] = useState(() => demoPeople(action))
  return <SideBySide people={people} />
}

function WithSelf({ userId }: { userId: string }) {
  const asUser = useAsUser()
  const tokenOf = useCallback(async () => {
    const result = await asUser((token) => Promise.resolve(succeeded(token)))
    return result.ok ? result.value : undefined
  }, [asUser])
  const [people] = useState(() => ownPeople(userId, tokenOf))
  return <SideBySide people={people} />
}

function SideBySide({ people }: { people: readonly Person[] }) {
  const isHydrated = useIsHydrated()
  const [draft, setDraft] = useState(QUERY)
  const [sql, setSql] = useState(QUERY)
  return (
    <>
      <form
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          setSql(draft)
        }}
      >
        <div className="grid min-w-60 flex-1 gap-1">
          <label htmlFor="everyones-sql" className="text-sm font-medium">
            Everyone asks this, live
          </label>
          <Textarea
            id="everyones-sql"
            value={draft}
            spellCheck={false}
            autoCapitalize="off"
            className="min-h-11 font-mono"
            onChange={(event) => {
              setDraft(event.target.value)
            }}
          />
        </div>
        <Button type="submit" disabled={!isHydrated || draft.trim() === ''}>
          Ask
        </Button>
      </form>
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-3">
        {people.map((person) => (
          <PersonColumn key={person.name} person={person} sql={sql} />
        ))}
      </div>
    </>
  )
}
