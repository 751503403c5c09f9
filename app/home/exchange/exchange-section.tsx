import { exchange } from './exchange'
import { ExchangeSteps } from './exchange-steps'

/** One query, two people, two answers. */
export function ExchangeSection() {
  return (
    <section aria-labelledby="exchange" className="grid gap-4">
      <h2 id="exchange" className="text-2xl font-semibold tracking-tight">
        One query, two people, two answers
      </h2>
      <p className="max-w-2xl text-pretty text-muted-foreground">
        Recorded from the running app: the same SQL, sent twice, with nothing but the login changed.
      </p>
      <ExchangeSteps {...exchange} />
    </section>
  )
}
