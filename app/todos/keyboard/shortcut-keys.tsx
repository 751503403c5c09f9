'use client'

import { useSyncExternalStore } from 'react'
import { keyNames } from './shortcuts'

const never = () => () => undefined

/** The keys of a shortcut, named as on this computer's keyboard. */
export function ShortcutKeys({ keys }: { keys: string }) {
  const isApple = useSyncExternalStore(
    never,
    () => /mac|iphone|ipad/i.test(navigator.userAgent),
    () => false,
  )
  return (
    <kbd className="inline-flex gap-1 font-sans text-sm text-muted-foreground">
      {keyNames(keys, isApple).map((name) => (
        <kbd
          key={name}
          className="min-w-7 rounded-sm border bg-muted px-1.5 py-0.5 text-center font-sans"
        >
          {name}
        </kbd>
      ))}
    </kbd>
  )
}
