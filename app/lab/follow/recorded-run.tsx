import { Code } from '../frame/code'
import { Stops } from '../trace/stops'
import { recorded } from './recorded'

/** A request of Alice's that was recorded from the running app. */
export function RecordedRun() {
  const { sql, trace, answer } = recorded
  return (
    <section aria-labelledby="recorded" className="grid grid-cols-1 gap-4">
      <h2 id="recorded" className="text-xl font-semibold">
        A recorded run: Alice reads her todos
      </h2>
      <Code>{sql}</Code>
      <Stops trace={trace} answer={answer} />
    </section>
  )
}
