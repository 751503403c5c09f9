'use client'

import { useState } from 'react'
import { Button } from '@/app/components/ui/button'
import type { Catalog } from '../../service/api'
import { Failed } from '../../world/failed'
import { useAnswer } from '../../world/use-answer'
import { useWorld } from '../../world/world'
import { TableCard } from '../catalog/table-card'
import { TryPolicy } from '../try/try-policy'
import { Guess } from './guess'
import { STORIES, type Number } from './stories'

/** One table to read, to try and to judge. Its database is made when it is asked for. */
export function Exercise({ number, onFound }: { number: Number; onFound: () => void }) {
  const { report, person, statements } = STORIES[number]
  const inWorld = useWorld()
  const [catalog, ask] = useAnswer<Catalog>()
  const [isSolved, setIsSolved] = useState(false)
  const look = () => ask(() => inWorld((lab, world) => lab.catalog(world)))

  if (catalog.state === 'none' || catalog.state === 'waiting') {
    return (
      <div className="grid justify-items-start gap-3">
        <p className="text-lg text-pretty">{report}</p>
        <Button disabled={catalog.state === 'waiting'} onClick={() => void look()}>
          {catalog.state === 'waiting' ? 'Making a database …' : 'Look at the table'}
        </Button>
      </div>
    )
  }
  if (catalog.state === 'failed') return <Failed message={catalog.message} />
  const tables = catalog.value.tables
    .filter(({ name }) => name.startsWith('notes'))
    // What proxy:check has found would give it away.
    .map(({ findings, ...table }) => ({
      ...table,
      findings: isSolved ? findings.filter(({ level }) => level === 'unsafe') : [],
    }))
  return (
    <div className="grid min-w-0 gap-5">
      <p className="text-lg text-pretty">{report}</p>
      <div className="grid min-w-0 gap-2">
        {tables.map((table) => (
          <TableCard key={table.name} table={table} isOpen />
        ))}
      </div>
      <TryPolicy statements={statements} person={person} />
      <Guess
        onFound={() => {
          setIsSolved(true)
          onFound()
        }}
      />
    </div>
  )
}
