'use client'
/** The secret of a share link, from the address; kept in this tab while its owner signs in. */
import { useEffect, useSyncExternalStore } from 'react'
import { secretIn } from '@/app/lists/join-address'
import { readDraft, writeDraft } from '@/app/todos/draft'

/** @returns undefined until the page has been hydrated, null if there is no secret */
export function useJoinSecret(listId: string): string | null | undefined {
  const fragment = useSyncExternalStore(subscribe, readFragment, noFragment)
  // Only where the address has none: a part of one, or another one, must not be mended with what was kept.
  const secret = fragment === '' ? kept(listId) : fragment && secretIn(fragment)
  useEffect(() => {
    // A redirect to sign in and back would otherwise have to carry it in an address that servers log.
    if (secret) writeDraft(keyOf(listId), secret)
  }, [listId, secret])
  return secret
}

export function forgetJoinSecret(listId: string): void {
  writeDraft(keyOf(listId), '')
}

const keyOf = (listId: string) => `join:${listId}`
const kept = (listId: string) => secretIn(`#${readDraft(keyOf(listId))}`)

function subscribe(onChange: () => void) {
  window.addEventListener('hashchange', onChange)
  return () => {
    window.removeEventListener('hashchange', onChange)
  }
}

const readFragment = () => window.location.hash
const noFragment = () => undefined
