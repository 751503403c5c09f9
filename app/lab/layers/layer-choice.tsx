import { LAYERS, type Layer } from '../service/api'
import { LAYER_WORDS } from './layer-words'

type Props = { missing: readonly Layer[]; onChange: (missing: readonly Layer[]) => void }

/** What is missing in a world of one's own, beside the worlds that are there anyway. */
export function LayerChoice({ missing, onChange }: Props) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-medium">A world of your own, in which is missing</legend>
      <div className="flex flex-wrap gap-2">
        {LAYERS.map((layer) => (
          <label
            key={layer}
            className="flex min-h-11 cursor-pointer items-center gap-2 rounded-full border bg-card px-4 has-checked:border-destructive has-checked:text-destructive has-focus-visible:outline-2 has-focus-visible:outline-offset-2"
          >
            <input
              type="checkbox"
              className="size-4 accent-destructive"
              checked={missing.includes(layer)}
              onChange={({ target }) => {
                onChange(
                  target.checked ? [...missing, layer] : missing.filter((one) => one !== layer),
                )
              }}
            />
            {LAYER_WORDS[layer].missing}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
