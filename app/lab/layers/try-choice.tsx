import { TRIES, type Try } from './tries'

type Props = { chosen: Try; onChoose: (one: Try) => void }

export function TryChoice({ chosen, onChoose }: Props) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-medium">The attack, as Bob</legend>
      <div className="flex flex-wrap gap-1.5">
        {TRIES.map((one) => (
          <label
            key={one.title}
            className="flex min-h-11 cursor-pointer items-center rounded-full border bg-card px-3 has-checked:border-primary has-checked:bg-primary has-checked:text-primary-foreground has-focus-visible:outline-2 has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name="attack"
              className="sr-only"
              checked={chosen === one}
              onChange={() => {
                onChoose(one)
              }}
            />
            {one.title}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
