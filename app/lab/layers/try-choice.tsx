import { PillChoice } from '../frame/pill-choice'
import { TRIES, type Try } from './tries'

type Props = { chosen: Try; onChoose: (one: Try) => void }

export function TryChoice({ chosen, onChoose }: Props) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-medium">The attack, as Bob</legend>
      <div className="flex flex-wrap gap-1.5">
        {TRIES.map((one) => (
          <PillChoice
            key={one.title}
            name="attack"
            isChosen={chosen === one}
            onChoose={() => {
              onChoose(one)
            }}
          >
            {one.title}
          </PillChoice>
        ))}
      </div>
    </fieldset>
  )
}
