import type { ComponentProps } from 'react'

/**
 * A link between the landing page and the rest of the app. It loads the page anew, because the two have
 * different Content-Security-Policies; and the landing page needs no script for it.
 */
export function PageLink(props: ComponentProps<'a'> & { href: string }) {
  return <a {...props} />
}
