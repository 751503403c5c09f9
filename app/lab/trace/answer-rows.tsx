const MOST_ROWS = 20

type Props = {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** The rows that came back. */
export function AnswerRows({ columns, rows }: Props) {
  if (rows.length === 0) return null
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Rows">
      <table className="w-full text-left">
        <thead>
          <tr className="border-b text-sm text-muted-foreground">
            {columns.map((name, index) => (
              <th key={index} scope="col" className="py-1 pr-3 font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((values, index) => (
            <tr key={index} className="border-b last:border-0">
              {values.map((value, column) => (
                <td key={column} className="py-1.5 pr-3 wrap-anywhere">
                  {value ?? <span className="text-muted-foreground">null</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && (
        <p className="pt-1 text-sm text-muted-foreground">and {rows.length - MOST_ROWS} more</p>
      )}
    </div>
  )
}
