'use client'

import { SendIcon } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { Failed } from '../world/failed'
import { sendAsBob, type CallResult } from './actions'
import type { EndpointAnswer } from './call-endpoint'
import { ENDPOINT_WORDS, WAYS, WAY_WORDS, type Endpoint, type Way } from './endpoints'
import { EndpointTold } from './endpoint-told'

type Props = {
  endpoint: Endpoint
  code: Readonly<Record<Way, string>>
  /** Answers of an earlier run, where none can be had now. */
  recorded?: Readonly<Record<Way, EndpointAnswer>> | undefined
}

/** One endpoint, written in two ways, and what Bob gets from each. */
export function EndpointPair({ endpoint, code, recorded }: Props) {
  const { title, request, note } = ENDPOINT_WORDS[endpoint]
  const [told, setTold] = useState<Partial<Record<Way, CallResult>>>(() => resultsOf(recorded))
  const [isBusy, setBusy] = useState(false)

  async function send() {
    setBusy(true)
    setTold({})
    try {
      for (const way of WAYS) {
        const result = await sendAsBob({ way, endpoint })
        setTold((before) => ({ ...before, [way]: result }))
      }
    } catch {
      setTold({ 'in-code': { ok: false, message: 'The app did not answer.' } })
    } finally {
      setBusy(false)
    }
  }

  return (
    <section aria-labelledby={endpoint} className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id={endpoint} className="text-xl font-semibold">
          {title}
        </h2>
        <p className="text-muted-foreground">{request}</p>
        {recorded === undefined && (
          <Button
            className="ml-auto"
            disabled={isBusy}
            aria-busy={isBusy}
            onClick={() => void send()}
          >
            <SendIcon aria-hidden /> Send as Bob
          </Button>
        )}
      </div>
      <div className="grid gap-4 lg:grid-cols-2">
        {WAYS.map((way) => (
          <div
            key={way}
            className="grid min-w-0 grid-cols-1 content-start gap-3 rounded-xl border bg-card p-4"
          >
            <h3 className="font-medium">{WAY_WORDS[way].title}</h3>
            <pre className="rounded-lg bg-muted p-3 font-mono text-[0.8125rem] leading-relaxed wrap-anywhere whitespace-pre-wrap">
              <code>{code[way]}</code>
            </pre>
            <div aria-live="polite">
              <Result result={told[way]} />
            </div>
          </div>
        ))}
      </div>
      {note !== undefined && Object.keys(told).length > 0 && (
        <p className="text-pretty text-muted-foreground">{note}</p>
      )}
    </section>
  )
}

function resultsOf(recorded: Props['recorded']): Partial<Record<Way, CallResult>> {
  if (recorded === undefined) return {}
  return {
    'in-code': { ok: true, answer: recorded['in-code'] },
    'with-policies': { ok: true, answer: recorded['with-policies'] },
  }
}

function Result({ result }: { result: CallResult | undefined }) {
  if (result === undefined) return null
  if (result.ok) return <EndpointTold answer={result.answer} />
  return <Failed message={result.message} />
}
