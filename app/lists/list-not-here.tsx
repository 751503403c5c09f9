import Link from 'next/link'
import { buttonClass } from '@/app/components/ui/button'
import type { Place } from '@/app/shell/place'

/** In place of a list that was deleted, that the user has left, or that never was: the database does not say which. */
export function ListNotHere({ place }: { place: Place }) {
  return (
    <div className="grid justify-items-center gap-3 py-16 text-center">
      <h1 className="text-2xl font-semibold">This list is not here</h1>
      <p className="max-w-md text-pretty text-muted-foreground">
        It may have been deleted, or you are no longer a member of it.
      </p>
      <Link href={`/${place}`} className={buttonClass({ size: 'lg', className: 'mt-3' })}>
        Go to my todos
      </Link>
    </div>
  )
}
