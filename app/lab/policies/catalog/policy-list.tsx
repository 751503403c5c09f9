import type { Policy } from '../../service/api'
import { Code } from '../../frame/code'

/** Each policy as a sentence, and as the SQL that makes it. */
export function PolicyList({ policies }: { policies: readonly Policy[] }) {
  if (policies.length === 0) return null
  return (
    <ul role="list" className="grid gap-4">
      {policies.map(({ name, sql, sentence }) => (
        <li key={name} className="grid min-w-0 gap-2 lg:grid-cols-2 lg:gap-4">
          <div className="min-w-0">
            <h3 className="font-medium">{name}</h3>
            <p className="text-pretty wrap-anywhere text-muted-foreground">{sentence}</p>
          </div>
          <Code>{sql}</Code>
        </li>
      ))}
    </ul>
  )
}
