import { Fragment, type MouseEvent } from 'react'
import { findLinks } from './find-links'

/** Text with its addresses as links. React escapes it: nothing in it is HTML. */
export function LinkedText({ text }: { text: string }) {
  return findLinks(text).map(({ text: words, href }, index) =>
    href === null ? (
      <Fragment key={index}>{words}</Fragment>
    ) : (
      <a
        key={index}
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="text-primary underline underline-offset-4"
        onClick={keepToLink}
        onDoubleClick={keepToLink}
      >
        {words}
      </a>
    ),
  )
}

/** The text around a link opens the editor; the link opens its page. */
function keepToLink(event: MouseEvent) {
  event.stopPropagation()
}
