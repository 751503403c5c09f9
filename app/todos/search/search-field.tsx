'use client'

import { SearchIcon, XIcon } from 'lucide-react'
import { useId, type KeyboardEvent } from 'react'
import { Button } from '@/app/components/ui/button'
import { Input } from '@/app/components/ui/input'

type Props = {
  text: string
  isTooLong: boolean
  onType: (text: string) => void
  onLeave: () => void
}

/** In place of the field for new todos, with the results below it. */
export function SearchField({ text, isTooLong, onType, onLeave }: Props) {
  const message = useId()

  function leaveOnEscape(event: KeyboardEvent) {
    const { key, nativeEvent } = event
    if (key !== 'Escape' || nativeEvent.isComposing) return
    // It would empty the field, as if that were typed.
    event.preventDefault()
    onLeave()
  }

  return (
    <div role="search" className="grid gap-2 p-4 sm:px-5">
      <div className="flex items-center gap-3">
        <SearchIcon aria-hidden className="size-[1.375rem] shrink-0 text-muted-foreground" />
        <Input
          type="search"
          aria-label="Search all todos"
          aria-invalid={isTooLong}
          aria-describedby={message}
          dir="auto"
          autoFocus
          autoComplete="off"
          enterKeyHint="search"
          placeholder="Search all lists"
          className="flex-1 [&::-webkit-search-cancel-button]:hidden"
          value={text}
          onChange={({ target }) => {
            onType(target.value)
          }}
          onKeyDown={leaveOnEscape}
        />
        <Button variant="ghost" size="icon" aria-label="Leave the search" onClick={onLeave}>
          <XIcon aria-hidden />
        </Button>
      </div>
      <p id={message} role="status" className="text-sm text-destructive empty:hidden">
        {isTooLong && 'That is more than can be searched for. Try fewer words.'}
      </p>
    </div>
  )
}
