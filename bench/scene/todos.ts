/** Makes the todos in any target's answer comparable. */
import assert from 'node:assert/strict'
import { z } from 'zod'

const todo = z.object({
  id: z.string(),
  task: z.string(),
  // As text where a target leaves Postgres' values as they are.
  is_complete: z.union([z.boolean(), z.enum(['t', 'f']).transform((text) => text === 't')]),
  inserted_at: z.coerce.date().transform((date) => date.getTime()),
})

export type Todo = z.infer<typeof todo>

export function readTodos(rows: unknown): Todo[] {
  return z.array(todo).parse(rows)
}

/** Without the last digits of a second's fraction, which targets round differently. */
const TOLERANCE_MS = 1

/**
 * Each list holds the rows of one statement.
 * @throws AssertionError that shows the first difference
 */
export function assertSameTodos(
  actual: readonly (readonly Todo[])[],
  expected: readonly (readonly Todo[])[],
  whose: string,
): void {
  const adjusted = actual.map((list, i) =>
    list.map((row, j) => {
      const other = expected[i]?.[j]?.inserted_at ?? Number.NaN
      const isClose = Math.abs(row.inserted_at - other) <= TOLERANCE_MS
      return isClose ? { ...row, inserted_at: other } : row
    }),
  )
  try {
    assert.deepEqual(adjusted, expected)
  } catch (error) {
    const difference = error instanceof Error ? error.message : ''
    throw new Error(`${whose} does not answer with the rows that the owner reads: ${difference}`)
  }
}
