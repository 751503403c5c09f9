'use client'
/** The editor, loaded when a room of the lab shows it. */
import { lazy, Suspense, type ComponentProps } from 'react'
import { Skeleton } from '@/app/components/ui/skeleton'

const Editor = lazy(() => import('./sql-editor'))

export function SqlEditor(props: ComponentProps<typeof Editor>) {
  return (
    <Suspense fallback={<Skeleton className="h-32" />}>
      <Editor {...props} />
    </Suspense>
  )
}
