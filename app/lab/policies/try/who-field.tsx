import { useId } from 'react'
import { Select } from '@/app/components/ui/select'
import { Textarea } from '@/app/components/ui/textarea'
import { isPerson, PEOPLE, type Person } from './who'

type Props = {
  person: Person
  setPerson: (person: Person) => void
  claims: string
  setClaims: (claims: string) => void
  isWrong: boolean
}

export function WhoField({ person, setPerson, claims, setClaims, isWrong }: Props) {
  const id = useId()
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <label htmlFor={id} className="font-medium">
          As
        </label>
        <Select
          id={id}
          value={person}
          onChange={({ target }) => {
            if (isPerson(target.value)) setPerson(target.value)
          }}
        >
          {Object.entries(PEOPLE).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </Select>
      </div>
      {person === 'other' && (
        <div className="grid gap-1.5">
          <Textarea
            aria-label="Claims of the token"
            aria-invalid={isWrong || undefined}
            aria-describedby={isWrong ? `${id}-wrong` : undefined}
            value={claims}
            spellCheck={false}
            className="min-h-16 font-mono"
            onChange={({ target }) => {
              setClaims(target.value)
            }}
          />
          {isWrong && (
            <p id={`${id}-wrong`} className="text-sm text-destructive">
              The claims are a JSON object with a sub, the user’s id.
            </p>
          )}
        </div>
      )}
    </div>
  )
}
