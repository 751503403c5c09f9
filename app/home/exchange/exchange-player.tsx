'use client'

import { ArrowLeftIcon, ArrowRightIcon, PlayIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '@/app/components/ui/button'
import type { Answer } from './exchange'
import { Message } from './message'
import { Rows } from './rows'
import { usePlayback } from './use-playback'

type Props = { query: string; alice: Answer; bob: Answer; trespass: Answer; stranger: Answer }

const captions = [
  'One query. It does not say whose todos.',
  'Alice sends it. Her token goes along.',
  'Postgres answers with Alice’s rows.',
  'Bob sends the same query, to the letter.',
  'Postgres answers with Bob’s rows.',
  'Bob asks for Alice’s rows by name, and gets none.',
  'Without a token, there is no answer at all.',
]
const LAST = captions.length - 1

/** Shows the whole exchange, and plays it step by step. Without a script it is the whole picture. */
export function ExchangePlayer({ query, alice, bob, trespass, stranger }: Props) {
  const { step, isReady, play, goTo } = usePlayback(LAST)

  return (
    <figure className="grid gap-4 rounded-2xl border bg-card p-4 shadow-sm sm:p-6">
      <Sql>{query}</Sql>
      <div className="grid gap-4 md:grid-cols-2">
        {[
          { answer: alice, asksAt: 1, answeredAt: 2 },
          { answer: bob, asksAt: 3, answeredAt: 4 },
        ].map(({ answer, asksAt, answeredAt }) => (
          <Message key={asksAt} answer={answer} isShown={step >= asksAt}>
            <Shown isShown={step >= answeredAt}>
              <Rows rows={answer.rows ?? []} />
            </Shown>
          </Message>
        ))}
      </div>
      <Shown isShown={step >= 5}>
        <Message answer={trespass} isShown={step >= 5}>
          <Sql>{trespass.query}</Sql>
          <p className="mt-2 text-sm font-medium">
            {trespass.rows?.length} rows. To Bob, they do not exist.
          </p>
        </Message>
      </Shown>
      <Shown isShown={step >= 6}>
        <Message answer={stranger} isShown={step >= 6}>
          <p className="text-sm wrap-anywhere">
            <span className="font-medium">{stranger.status}</span>{' '}
            <span className="text-muted-foreground">{stranger.error}</span>
          </p>
        </Message>
      </Shown>
      <figcaption className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-2">
        {isReady && (
          <div className="flex gap-1">
            <Button variant="outline" className="h-11" onClick={play}>
              <PlayIcon aria-hidden /> Play
            </Button>
            <Button
              variant="ghost"
              size="icon"
              className="size-11"
              aria-label="Back"
              disabled={step === 0}
              onClick={() => {
                goTo(step - 1)
              }}
            >
              <ArrowLeftIcon aria-hidden />
            </Button>
            <Button
              variant="ghost"
              size="icon"
              className="size-11"
              aria-label="Next"
              disabled={step === LAST}
              onClick={() => {
                goTo(step + 1)
              }}
            >
              <ArrowRightIcon aria-hidden />
            </Button>
          </div>
        )}
        <p role="status" className="text-sm text-muted-foreground">
          {captions[step]}
        </p>
      </figcaption>
    </figure>
  )
}

/** Keeps its place while it is not shown, so that nothing jumps. */
function Shown({ isShown, children }: { isShown: boolean; children: ReactNode }) {
  return (
    <div
      data-shown={isShown}
      className="transition-opacity duration-300 data-[shown=false]:invisible data-[shown=false]:opacity-0"
    >
      {children}
    </div>
  )
}

function Sql({ children }: { children: string }) {
  return (
    <pre className="overflow-x-auto rounded-lg bg-muted px-4 py-3 font-mono text-sm whitespace-pre-wrap">
      <code>{children}</code>
    </pre>
  )
}
