/**
 * Positions of todos: texts that sort like the list, so that a move writes one row (fractional-indexing). No
 * position makes these functions throw: whatever others have written, a todo can be moved.
 */
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing'

/** Behind everything that was added until now: the same key as the column's default makes (db/schema/todos.ts). */
export function lastPosition(now = Date.now()): string {
  return `m${(now * 1000).toString(16).toUpperCase().padStart(13, '0')}`
}

/** In which direction a row goes past others that have one position, as two devices can make it. */
export type Toward = 'start' | 'end'

/**
 * A position between rows. Both lists begin with the nearest row. Between rows with the same position there is no
 * place: the row goes past all of them. Positions that are not keys of this kind are passed over.
 */
export function positionBetween(
  above: readonly string[],
  below: readonly string[],
  toward: Toward = 'end',
): string {
  return generateKeyBetween(...bounds(above, below, toward))
}

/** As many positions, in order, at the same place. */
export function positionsBetween(
  above: readonly string[],
  below: readonly string[],
  count: number,
): string[] {
  return generateNKeysBetween(...bounds(above, below, 'end'), count)
}

function bounds(above: readonly string[], below: readonly string[], toward: Toward): Bounds {
  if (toward === 'start') {
    const upper = below.find(isKey) ?? null
    const lower = above.find((key) => isKey(key) && (upper === null || key < upper)) ?? null
    return [lower, upper]
  }
  const lower = above.find(isKey) ?? null
  const upper = below.find((key) => isKey(key) && (lower === null || key > lower)) ?? null
  return [lower, upper]
}

type Bounds = [lower: string | null, upper: string | null]

function isKey(position: string): boolean {
  try {
    generateKeyBetween(null, position)
    generateKeyBetween(position, null)
    return /^[0-9A-Za-z]+$/.test(position)
  } catch {
    return false
  }
}
