'use client'

import { CheckIcon, CopyIcon } from 'lucide-react'
import { useId, useRef, useState, type ReactNode } from 'react'
import { Button } from '@/app/components/ui/button'
import { Input } from '@/app/components/ui/input'

/** A text to copy, with a note below it. Where the clipboard is forbidden, the text is selected instead. */
export function CopyField({
  label,
  text,
  children,
}: {
  label: string
  text: string
  children: ReactNode
}) {
  const field = useRef<HTMLInputElement>(null)
  const noteId = useId()
  const [isCopied, setIsCopied] = useState(false)

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setIsCopied(true)
    } catch {
      field.current?.select()
    }
  }

  return (
    <div className="grid gap-1.5">
      <div className="flex gap-2">
        <Input
          ref={field}
          readOnly
          aria-label={label}
          aria-describedby={noteId}
          value={text}
          onFocus={({ target }) => {
            target.select()
          }}
        />
        <Button onClick={() => void copy()}>
          {isCopied ? <CheckIcon aria-hidden /> : <CopyIcon aria-hidden />}
          {isCopied ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <p id={noteId} className="text-sm text-muted-foreground">
        {children}
      </p>
      <p role="status" className="sr-only">
        {isCopied && 'The link is copied.'}
      </p>
    </div>
  )
}
