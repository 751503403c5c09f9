import {
  FileLockIcon,
  KeyRoundIcon,
  ScanSearchIcon,
  StampIcon,
  type LucideIcon,
} from 'lucide-react'

const layers: { icon: LucideIcon; title: string; text: string }[] = [
  {
    icon: KeyRoundIcon,
    title: 'The token is verified',
    text: 'A small proxy in front of Postgres checks the signature, the issuer and the expiry of each request’s JWT.',
  },
  {
    icon: ScanSearchIcon,
    title: 'The statement is parsed',
    text: 'With Postgres’ own grammar: one SELECT, INSERT, UPDATE or DELETE, with known functions only.',
  },
  {
    icon: StampIcon,
    title: 'The identity is sealed',
    text: 'Postgres learns who asks from a seal that SQL can neither read nor forge, for one transaction.',
  },
  {
    icon: FileLockIcon,
    title: 'The policy decides',
    text: 'Row-level security, declared beside each table, picks the rows. No query names a user.',
  },
]

/** What stands between a user’s SQL and other users’ rows. */
export function Protection() {
  return (
    <section aria-labelledby="protection" className="grid gap-4">
      <h2 id="protection" className="text-2xl font-semibold tracking-tight">
        What protects you
      </h2>
      <ul role="list" className="grid gap-4 sm:grid-cols-2">
        {layers.map(({ icon: Icon, title, text }) => (
          <li key={title} className="grid content-start gap-2 rounded-xl border bg-card p-5">
            <Icon aria-hidden className="size-6 text-primary" />
            <h3 className="font-semibold">{title}</h3>
            <p className="text-sm text-pretty text-muted-foreground">{text}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}
