'use client'

import { CheckIcon } from 'lucide-react'
import { useState } from 'react'
import { cn } from '@/lib/cn'
import { EXERCISES } from '../../service/api'
import { World } from '../../world/world'
import { Section } from '../section'
import { Exercise } from './exercise'
import { STORIES, type Number } from './stories'

/** Five to find, and one more for those who want it; each has a database of its own. */
const TO_FIND = 5

export function ExercisesSection() {
  const [current, setCurrent] = useState<Number>(1)
  const [found, setFound] = useState<ReadonlySet<Number>>(new Set())
  return (
    <Section
      title="Find the mistake"
      lead="Each table notes has one planted mistake. Read its policies, try them as Alice, Bob, Carol or nobody, then say what is wrong. The lab repairs what you say, and attacks again."
    >
      <p role="status" className="font-semibold">
        {found.size < TO_FIND
          ? `${found.size} of ${TO_FIND} found`
          : found.size === TO_FIND
            ? 'Five of five found. There is one more.'
            : 'All six found.'}
      </p>
      <ol role="list" className="flex flex-wrap gap-2">
        {EXERCISES.map((number) => (
          <li key={number}>
            <button
              type="button"
              aria-current={number === current ? 'step' : undefined}
              className={cn(
                'flex min-h-11 cursor-pointer items-center gap-2 rounded-md border px-3 text-sm font-medium hover:bg-accent',
                number === current &&
                  'border-primary bg-primary text-primary-foreground hover:bg-primary',
              )}
              onClick={() => {
                setCurrent(number)
              }}
            >
              {number}. {STORIES[number].title}
              {found.has(number) && <CheckIcon aria-label="found" className="size-4" />}
            </button>
          </li>
        ))}
      </ol>
      <World key={current} order={{ variant: `exercise:${current}` }}>
        <Exercise
          number={current}
          onFound={() => {
            setFound((before) => new Set([...before, current]))
          }}
        />
      </World>
    </Section>
  )
}
