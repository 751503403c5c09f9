import type { ReactNode } from 'react'

export function JoinMessage({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <>
      <h1 className="text-2xl font-semibold text-balance wrap-anywhere">{title}</h1>
      <div className="mt-2 max-w-md text-pretty text-muted-foreground">{children}</div>
    </>
  )
}
