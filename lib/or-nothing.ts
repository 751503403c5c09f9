/** A part of a page that cannot be loaded, as without a connection, is left out instead of taking the page down. */
import type { ComponentType } from 'react'

/** For `dynamic()`: a part that was left out is there again once the page has been loaded anew. */
export function orNothing<Props>(
  part: Promise<ComponentType<Props>>,
): Promise<ComponentType<Props>> {
  return part.catch(() => Nothing)
}

function Nothing() {
  return null
}
