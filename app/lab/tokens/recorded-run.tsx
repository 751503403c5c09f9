import { ScrollFrame } from '../frame/scroll-frame'
import { Judgement } from './judgement'
import { recorded } from './recorded'
import { SentToken } from './sent-token'

/** What became of each token on a machine where the lab is on, and one of them check by check. */
export function RecordedRun() {
  const { endings, run } = recorded
  return (
    <>
      <ScrollFrame label="Every token">
        <table className="w-full text-left text-sm">
          <thead className="bg-muted">
            <tr>
              {['Token', 'Refused by', 'Code'].map((heading) => (
                <th key={heading} scope="col" className="px-3 py-2 font-medium">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {endings.map(({ label, check, code }) => (
              <tr key={label} className="border-t">
                <th scope="row" className="px-3 py-2 font-medium">
                  {label}
                </th>
                <td className="px-3 py-2">{check ?? 'accepted'}</td>
                <td className="px-3 py-2 font-mono wrap-anywhere">{code}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollFrame>
      <section aria-labelledby="recorded" className="grid grid-cols-1 gap-4">
        <h2 id="recorded" className="text-xl font-semibold">
          A recorded run: {run.label}
        </h2>
        <Judgement outcome={run.outcome} />
        <SentToken {...run} />
      </section>
    </>
  )
}
