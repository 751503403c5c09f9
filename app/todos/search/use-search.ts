'use client'
/** What is searched for: a part of the address, so that a reload, a link and Back find it again. */
import { usePathname, useSearchParams } from 'next/navigation'
import { useEffect, useMemo, useState } from 'react'
import { searchWords } from './search-words'

/** While a word is being typed, the database is not asked for each letter. */
const PAUSE_MS = 200

export function useSearch() {
  const path = usePathname()
  const asked = useSearchParams().get('q')
  const [typed, setTyped] = useState<string | null>(null)
  const text = typed ?? asked ?? ''
  const words = useMemo(() => (asked === null ? [] : searchWords(asked)), [asked])

  useEffect(() => {
    if (typed === null || typed === asked) return
    const timer = setTimeout(() => {
      window.history.replaceState(null, '', `${path}?q=${encodeURIComponent(typed)}`)
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [typed, asked, path])

  return {
    isOpen: asked !== null,
    text,
    /** Null if it is more than the database searches for. */
    words,
    isTooLong: searchWords(text) === null,
    type: setTyped,
    open: () => {
      setTyped(null)
      if (asked === null) window.history.pushState(null, '', `${path}?q=`)
    },
    leave: () => {
      setTyped(null)
      if (asked !== null) window.history.pushState(null, '', path)
    },
  }
}
