'use client'

import { PencilIcon } from 'lucide-react'
import { useId, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { Textarea } from '@/app/components/ui/textarea'
import { LinkedText } from '@/app/todos/text/linked-text'
import { findLinks } from '@/app/todos/text/find-links'
import { maxNotesLength } from './max-notes-length'
import { useNotes } from './use-notes'

type Props = { saved: string; onSave: (notes: string) => void }

/** Notes with links show as text first, so that the links work; a click beside them edits. */
export function NotesField({ saved, onSave }: Props) {
  const { notes, type, leave } = useNotes(saved, onSave)
  const hasLinks = findLinks(notes).some(({ href }) => href !== null)
  const [isEditing, setIsEditing] = useState(false)
  const id = useId()
  const isShown = hasLinks && !isEditing

  return (
    <div className="grid gap-2">
      <div className="flex items-center justify-between gap-2">
        <span id={id} className="text-sm font-medium">
          Notes
        </span>
        {isShown && (
          <Button
            variant="ghost"
            onClick={() => {
              setIsEditing(true)
            }}
          >
            <PencilIcon aria-hidden />
            Edit notes
          </Button>
        )}
      </div>
      {isShown ? (
        <div
          dir="auto"
          className="min-h-32 cursor-text rounded-md border border-input bg-card px-3 py-2 text-base wrap-anywhere whitespace-pre-wrap"
          onClick={() => {
            if (window.getSelection()?.isCollapsed !== false) setIsEditing(true)
          }}
        >
          <LinkedText text={notes} />
        </div>
      ) : (
        <Textarea
          aria-labelledby={id}
          dir="auto"
          value={notes}
          autoFocus={isEditing}
          maxLength={maxNotesLength}
          placeholder="What else is there to know?"
          onChange={({ target }) => {
            type(target.value)
          }}
          onFocus={() => {
            setIsEditing(true)
          }}
          onBlur={() => {
            leave()
            setIsEditing(false)
          }}
        />
      )}
    </div>
  )
}
