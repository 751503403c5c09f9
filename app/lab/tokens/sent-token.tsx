import type { ReactNode } from 'react'
import { Code } from '../frame/code'
import type { Made } from '../service/api'

type Props = Pick<Made, 'header' | 'claims'> & { children?: ReactNode }

/** A token as it was sent, decoded. */
export function SentToken({ header, claims, children }: Props) {
  return (
    <section
      aria-label="The token"
      className="grid grid-cols-1 gap-3 rounded-xl border bg-card p-4"
    >
      <h2 className="font-semibold">The token that was sent</h2>
      {children}
      <div className="grid grid-cols-1 gap-3 xl:grid-cols-2">
        <Code>{JSON.stringify(header, null, 2)}</Code>
        <Code>{JSON.stringify(claims, null, 2)}</Code>
      </div>
    </section>
  )
}
