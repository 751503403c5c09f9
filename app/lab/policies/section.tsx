import { useId, type ReactNode } from 'react'

type Props = { title: string; lead: string; children: ReactNode }

export function Section({ title, lead, children }: Props) {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className="grid min-w-0 gap-4 rounded-xl border bg-card p-4 shadow-sm sm:p-6"
    >
      <header className="grid gap-1">
        <h2 id={id} className="text-xl font-semibold text-balance">
          {title}
        </h2>
        <p className="max-w-3xl text-pretty text-muted-foreground">{lead}</p>
      </header>
      {children}
    </section>
  )
}
