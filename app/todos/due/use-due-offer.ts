'use client'
/** Offers the date at the end of a new todo's text as its due date. The text itself is never changed unasked. */
import { useEffect, useState } from 'react'
import { loadParser, mayHoldDue } from './load-parser'
import type { FoundDue } from './parse-due'

type Offer = { text: string; found: FoundDue | null }

export function useDueOffer(text: string) {
  const [offer, setOffer] = useState<Offer>({ text: '', found: null })
  /** Refused for these words of this todo: another date that is typed later is offered again. */
  const [refused, setRefused] = useState<string | null>(null)
  if (text === '' && refused !== null) setRefused(null)

  useEffect(() => {
    if (!mayHoldDue(text)) return
    let isWanted = true
    void loadParser().then(
      ({ findDueAtEnd }) => {
        if (isWanted) setOffer({ text, found: findDueAtEnd(text) })
      },
      // Without the parser, the text is a todo like any other.
      () => undefined,
    )
    return () => {
      isWanted = false
    }
  }, [text])

  const found = offer.text === text ? offer.found : null
  const shown = found && found.words !== refused ? found : null
  return {
    offer: shown,
    refuse: () => {
      setRefused(found?.words ?? null)
    },
  }
}
