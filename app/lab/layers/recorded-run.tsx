import { BROKE_THROUGH } from '../attempt/verdict-words'
import { ScrollFrame } from '../frame/scroll-frame'
import recorded from './recorded.json'
import { worldsWith } from './tries'

/** What became of each attack in each world, where the lab is off. A test records it anew, and compares. */
export function RecordedRun() {
  const attacks = Object.entries<Readonly<Record<string, string>>>(recorded)
  return (
    <ScrollFrame label="A recorded run">
      <table className="w-full text-left text-sm">
        <thead className="bg-muted">
          <tr>
            <th scope="col" className="px-3 py-2 font-medium">
              World
            </th>
            {attacks.map(([title]) => (
              <th key={title} scope="col" className="px-3 py-2 font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {worldsWith([]).map(({ name }) => (
            <tr key={name} className="border-t">
              <th scope="row" className="px-3 py-2 font-medium">
                {name}
              </th>
              {attacks.map(([title, endings]) => (
                <td
                  key={title}
                  className={`px-3 py-2 ${endings[name] === BROKE_THROUGH ? 'font-semibold text-destructive' : ''}`}
                >
                  {endings[name]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollFrame>
  )
}
