import { ScrollFrame } from '../frame/scroll-frame'
import type { Outcome } from '../service/api'

const MOST_ROWS = 50

/** The rows of each statement; what `marked` finds is other users'. */
export function AnswerTable({
  results,
  marked = [],
}: {
  results: Outcome['results']
  marked?: readonly string[]
}) {
  const isMarked = (cell: string | null) =>
    cell !== null && marked.some((secret) => cell.includes(secret))
  return results.map(({ command, rowCount, columns, rows }, index) => (
    <figure key={index} className="grid min-w-0 gap-1.5">
      <figcaption className="font-mono text-sm text-muted-foreground">
        {command} · {rowCount ?? rows.length} {(rowCount ?? rows.length) === 1 ? 'row' : 'rows'}
        {rows.length > MOST_ROWS && `, of which ${MOST_ROWS} are shown`}
      </figcaption>
      {rows.length > 0 && (
        <ScrollFrame label="Rows" className="max-h-72">
          <table className="w-full text-left text-sm">
            <thead className="sticky top-0 bg-muted">
              <tr>
                {columns.map((column, at) => (
                  <th key={at} scope="col" className="px-3 py-1.5 font-medium">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="font-mono">
              {rows.slice(0, MOST_ROWS).map((row, at) => (
                <tr
                  key={at}
                  data-leaked={row.some(isMarked) || undefined}
                  className="border-t data-leaked:bg-destructive/15 data-leaked:font-semibold"
                >
                  {row.map((cell, column) => (
                    <td key={column} className="max-w-80 truncate px-3 py-1.5">
                      {cell ?? <span className="text-muted-foreground italic">null</span>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollFrame>
      )}
    </figure>
  ))
}
