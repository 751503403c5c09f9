'use client'

import { useEffect } from 'react'
import { Skeleton } from '@/app/components/ui/skeleton'
import type { Catalog } from '../../service/api'
import { Failed } from '../../world/failed'
import { useAnswer } from '../../world/use-answer'
import { useWorld } from '../../world/world'
import { Section } from '../section'
import { TableCard } from './table-card'

/** Every table that users reach, from the catalogs of a database that the app's own migrations have made. */
export function CatalogSection() {
  const inWorld = useWorld()
  const [answer, ask] = useAnswer<Catalog>()

  useEffect(() => {
    void ask(() => inWorld((lab, world) => lab.catalog(world)))
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when the room opens
  }, [])

  return (
    <Section
      title="What the database says"
      lead="Read from the catalogs of a scratch database that this app’s migrations have just made. Open a table to see who may do what to which rows, and what proxy:check has found."
    >
      {answer.state === 'failed' && <Failed message={answer.message} />}
      {answer.state === 'waiting' && <Skeleton className="h-40" />}
      {answer.state === 'here' && (
        <ul role="list" className="grid gap-2">
          {answer.value.tables.map((table) => (
            <li key={table.name} className="min-w-0">
              <TableCard table={table} isOpen={table.name === 'todos'} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
