import type { ReactNode } from 'react'

type Props = { title: string; description: string; children: ReactNode }

/** The frame around the list on both pages. */
export function PageFrame({ title, description, children }: Props) {
  return (
    <main className="mx-auto w-full max-w-3xl flex-1 px-4 py-8 sm:px-6 sm:py-12">
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      <p className="mt-1 mb-6 text-pretty text-muted-foreground">{description}</p>
      {children}
    </main>
  )
}
