import type { ReactNode } from 'react'
import type { Answer } from './exchange'
import { Message } from './message'
import { Rows } from './rows'

type Props = { query: string; alice: Answer; bob: Answer; trespass: Answer; stranger: Answer }

const captions = [
  'One query. It does not say whose todos.',
  'Alice sends it, and her token goes along. Postgres answers with her rows.',
  'Bob sends the same query, to the letter. Postgres answers with his.',
  'Bob asks for Alice’s rows by her id, and gets none.',
  'Without a token there is no answer at all.',
]
const LAST = captions.length - 1

// Whole class names, because Tailwind finds no others.
const hiddenAt = [
  "group-has-[[value='0']:checked]:invisible",
  "group-has-[[value='1']:checked]:invisible",
  "group-has-[[value='2']:checked]:invisible",
  "group-has-[[value='3']:checked]:invisible",
]
const shownAt = [
  "group-has-[[value='0']:checked]:block",
  "group-has-[[value='1']:checked]:block",
  "group-has-[[value='2']:checked]:block",
  "group-has-[[value='3']:checked]:block",
  "group-has-[[value='4']:checked]:block",
]

/** The exchange, to be stepped through: radio buttons and CSS, because the page has no script. */
export function ExchangeSteps({ query, alice, bob, trespass, stranger }: Props) {
  return (
    <figure className="group grid gap-4 rounded-2xl border bg-card p-4 shadow-sm sm:p-6">
      <Sql>{query}</Sql>
      <div className="grid gap-4 md:grid-cols-2">
        <From step={1}>
          <Message answer={alice}>
            <Rows rows={alice.rows ?? []} />
          </Message>
        </From>
        <From step={2}>
          <Message answer={bob}>
            <Rows rows={bob.rows ?? []} />
          </Message>
        </From>
        <From step={3}>
          <Message answer={trespass}>
            <Sql>{trespass.query}</Sql>
            <p className="text-sm font-medium">
              {trespass.rows?.length} rows. To Bob, Alice’s do not exist.
            </p>
          </Message>
        </From>
        <From step={4}>
          <Message answer={stranger}>
            <Sql>{stranger.query}</Sql>
            <p className="text-sm wrap-anywhere">
              <span className="font-medium">HTTP {stranger.status}</span> {stranger.error}
            </p>
          </Message>
        </From>
      </div>
      <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t pt-4">
        <fieldset className="flex flex-wrap gap-1">
          <legend className="sr-only">Step through it</legend>
          {captions.map((caption, step) => (
            <label key={caption} className="relative grid size-11 cursor-pointer">
              <input
                type="radio"
                name="step"
                value={step}
                defaultChecked={step === LAST}
                aria-label={`Step ${step + 1}: ${caption}`}
                className="peer absolute inset-0 size-11 cursor-pointer appearance-none rounded-full"
              />
              <span
                aria-hidden
                className="pointer-events-none grid place-content-center rounded-full border text-sm peer-checked:border-primary peer-checked:bg-primary peer-checked:font-medium peer-checked:text-primary-foreground forced-colors:peer-checked:outline-2"
              >
                {step + 1}
              </span>
            </label>
          ))}
        </fieldset>
        {captions.map((caption, step) => (
          <p
            key={caption}
            className={`hidden min-w-0 flex-1 basis-60 text-sm ${shownAt[step] ?? ''}`}
          >
            {caption}
          </p>
        ))}
      </figcaption>
    </figure>
  )
}

/** Keeps its place while it is hidden, so that nothing jumps. */
function From({ step, children }: { step: number; children: ReactNode }) {
  return <div className={`grid ${hiddenAt.slice(0, step).join(' ')}`}>{children}</div>
}

function Sql({ children }: { children: string }) {
  return (
    <pre className="rounded-lg bg-muted px-4 py-3 font-mono text-sm wrap-anywhere whitespace-pre-wrap">
      <code>{children}</code>
    </pre>
  )
}
