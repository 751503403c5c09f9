import { SkullIcon } from 'lucide-react'
import { DefenceIcon } from '../attempt/defence-icon'
import { DEFENCE_WORDS, DEFENCES, type Defence } from '../attempt/defences'

export type Guess = Defence | 'nothing'

type Props = {
  guess: Guess | null
  /** What should stop a ready attack. */
  expected: Defence | null
  behind: string | null
  onGuess: (guess: Guess) => void
}

/** Before an attack: what should stop it, in the order in which a request meets the defences. */
export function GuessField({ guess, expected, behind, onGuess }: Props) {
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-2 text-pretty">
        {expected === null ? (
          'What will stop it? Guess before you run it.'
        ) : (
          <>
            Should be stopped by the <strong>{DEFENCE_WORDS[expected].name.toLowerCase()}</strong>.{' '}
            <span className="text-muted-foreground">{behind}</span>
          </>
        )}
      </legend>
      <div className="flex flex-wrap gap-1.5">
        {[...DEFENCES, 'nothing' as const].map((one) => (
          <label
            key={one}
            className="flex min-h-11 cursor-pointer items-center gap-2 rounded-full border bg-card px-3 font-medium has-checked:border-primary has-checked:bg-primary has-checked:text-primary-foreground has-focus-visible:outline-2 has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name="guess"
              className="sr-only"
              checked={guess === one}
              onChange={() => {
                onGuess(one)
              }}
            />
            {one === 'nothing' ? (
              <>
                <SkullIcon aria-hidden className="size-4" /> Nothing
              </>
            ) : (
              <>
                <DefenceIcon defence={one} className="size-4" /> {DEFENCE_WORDS[one].name}
              </>
            )}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
