import recorded from './recorded.json'
import { worldsWith } from './tries'

/** What became of each attack in each world, where the lab is off. A test records it anew, and compares. */
export function RecordedRun() {
  const attacks = Object.entries<Readonly<Record<string, string>>>(recorded)
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label="A recorded run"
      className="overflow-x-auto rounded-xl border bg-card"
    >
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
                  className={`px-3 py-2 ${endings[name] === BREACH ? 'font-semibold text-destructive' : ''}`}
                >
                  {endings[name]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const BREACH = 'Broke through'
