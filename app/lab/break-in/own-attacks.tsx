'use client'

import { LinkIcon, TrashIcon } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { forgetOwn, useLogbook } from './logbook'
import { hashOf } from './statements'

/** Attacks that this browser has kept, each with a link that others can open. */
export function OwnAttacks({ onChoose }: { onChoose: (text: string) => void }) {
  const { own } = useLogbook()
  const [copied, setCopied] = useState<string>()

  async function copy(text: string) {
    const link = new URL(hashOf(text), window.location.href).href
    try {
      await navigator.clipboard.writeText(link)
      setCopied(text)
    } catch {
      // The clipboard is forbidden: the address bar has the link then.
      window.location.hash = hashOf(text)
    }
  }

  if (own.length === 0) return null
  return (
    <section aria-labelledby="own-attacks" className="grid gap-2">
      <h2 id="own-attacks" className="font-semibold">
        Your own attacks
      </h2>
      <ul role="list" className="grid gap-1">
        {own.map((text) => (
          <li key={text} className="flex items-center gap-1 rounded-lg border bg-card">
            <button
              type="button"
              className="min-h-11 min-w-0 flex-1 cursor-pointer truncate rounded-lg px-3 text-left font-mono text-sm hover:bg-accent"
              onClick={() => {
                onChoose(text)
              }}
            >
              {text}
            </button>
            <Button
              variant="ghost"
              size="icon"
              aria-label="Copy a link to this attack"
              title="Copy a link to this attack"
              onClick={() => void copy(text)}
            >
              <LinkIcon aria-hidden />
            </Button>
            <Button
              variant="ghost"
              size="icon"
              aria-label="Forget this attack"
              title="Forget this attack"
              onClick={() => {
                forgetOwn(text)
              }}
            >
              <TrashIcon aria-hidden />
            </Button>
          </li>
        ))}
      </ul>
      <p role="status" className="min-h-5 text-sm text-muted-foreground">
        {copied !== undefined && own.includes(copied) && 'The link is copied.'}
      </p>
    </section>
  )
}
