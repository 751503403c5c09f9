import { CheckIcon, XIcon } from 'lucide-react'
import { timeOf } from './summary'
import type { TraceStep } from './trace'

type Checked = Extract<TraceStep, { step: 'checks' }>['checks']

/** What each check is for; shown with the one that has refused a token. */
const REASONS: Partial<Record<string, string>> = {
  size: 'A session token has a few kilobytes. More would only be work.',
  form: 'Three parts in base64url: a header, claims and a signature. None may be missing.',
  issuer: 'Only listed issuers are believed, by their name to the letter.',
  algorithm:
    'Only what this issuer signs with. Else the public key, which anyone can read, could serve as the secret of an HMAC.',
  key: 'The key is looked up among those that the issuer publishes. A key that the token brings along counts for nothing.',
  signature: 'One changed letter, or another key, shows here, before any claim is believed.',
  'claim types': 'A claim of the wrong type could be compared in a way that nobody meant.',
  user: 'Without a user there is no row that could be theirs. A number could be another user’s text.',
  expiry: 'A token that never ends could never be taken away.',
  'not before': 'It is not valid yet.',
  audience: 'It was issued for another application.',
  'authorized party': 'It was issued to a page of another application, which may not act here.',
  revocation: 'Its session was ended before its time.',
  role: 'The claims decide which roles the user may take.',
}

/** The checks that a token passed, and the one that it failed. */
export function Checks({ checks }: { checks: Checked }) {
  return (
    <ol role="list" className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
      {checks.map(({ check, ms, passed }) => (
        <li
          key={check}
          className="flex items-start gap-2 [&>svg]:mt-0.5 [&>svg]:size-5 [&>svg]:shrink-0"
        >
          {passed ? (
            <CheckIcon aria-label="Passed" className="text-primary" />
          ) : (
            <XIcon aria-label="Failed" className="text-destructive" />
          )}
          <span className="flex-1">
            {check}
            {!passed && (
              <span className="block text-sm text-pretty text-muted-foreground">
                {REASONS[check]}
              </span>
            )}
          </span>
          <span className="text-sm text-muted-foreground tabular-nums">{timeOf(ms)}</span>
        </li>
      ))}
    </ol>
  )
}
