import type { Place } from './place'

/** The lists that the user is a member of, below the views. */
export function ListLinks({ place }: { place: Place }) {
  return <nav aria-label="Lists" data-place={place} hidden />
}
