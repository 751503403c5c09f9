import { EndpointPair } from './endpoint-pair'
import { ENDPOINTS, WAY_WORDS, WAYS } from './endpoints'
import type { Recorded } from './recorded'
import { readSourceCode } from './source-code'

/** Each endpoint with the code of its own files; with recorded answers where the lab is off. */
export async function Endpoints({ recorded }: { recorded?: Recorded }) {
  const code = await readSourceCode()
  return (
    <>
      <dl className="grid gap-x-4 gap-y-2 text-pretty lg:grid-cols-2">
        {WAYS.map((way) => (
          <div key={way}>
            <dt className="font-medium">{WAY_WORDS[way].title}</dt>
            <dd className="text-muted-foreground">{WAY_WORDS[way].database}</dd>
          </div>
        ))}
      </dl>
      {ENDPOINTS.map((endpoint) => (
        <EndpointPair
          key={endpoint}
          endpoint={endpoint}
          recorded={recorded?.[endpoint]}
          code={{
            'in-code': code['in-code'][endpoint],
            'with-policies': code['with-policies'][endpoint],
          }}
        />
      ))}
    </>
  )
}
