import { SkullIcon } from 'lucide-react'
import { DefenceIcon } from '../attempt/defence-icon'
import { DEFENCE_WORDS, DEFENCES, type Defence } from '../attempt/defences'
import { PillChoice } from '../frame/pill-choice'

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
      <div className="flex flex-wrap gap-1.5 font-medium">
        {[...DEFENCES, 'nothing' as const].map((one) => (
          <PillChoice
            key={one}
            name="guess"
            isChosen={guess === one}
            onChoose={() => {
              onGuess(one)
            }}
          >
            {one === 'nothing' ? (
              <>
                <SkullIcon aria-hidden className="size-4" /> Nothing
              </>
            ) : (
              <>
                <DefenceIcon defence={one} className="size-4" /> {DEFENCE_WORDS[one].name}
              </>
            )}
          </PillChoice>
        ))}
      </div>
    </fieldset>
  )
}
