/** Which positions a moved row comes to lie between. */
import { positionBetween } from './position'

export { lastPosition } from './position'

type Row = { id: string; position: string }

export type Move = 'up' | 'down' | 'top' | 'bottom'

/** @returns null if the row is there already, or not in the list */
export function positionAfterMove(rows: readonly Row[], id: string, move: Move): string | null {
  const from = rows.findIndex((row) => row.id === id)
  const last = rows.length - 1
  const to = { up: from - 1, down: from + 1, top: 0, bottom: last }[move]
  return from === -1 || to < 0 || to > last || to === from
    ? null
    : positionAt(rows, from, to > from ? to + 1 : to)
}

/** @returns null if the row would stay where it is */
export function positionAfterDrop(
  rows: readonly Row[],
  id: string,
  drop: { over: string; isBelow: boolean },
): string | null {
  const from = rows.findIndex((row) => row.id === id)
  const over = rows.findIndex((row) => row.id === drop.over)
  if (from === -1 || over === -1) return null
  const to = drop.isBelow ? over + 1 : over
  return to === from || to === from + 1 ? null : positionAt(rows, from, to)
}

/** Before the row that has this index now; the moved row itself is no neighbour. */
function positionAt(rows: readonly Row[], from: number, to: number): string {
  const positions = (part: readonly Row[]) =>
    part.filter((row) => row !== rows[from]).map(({ position }) => position)
  return positionBetween(
    positions(rows.slice(0, to)).reverse(),
    positions(rows.slice(to)),
    to > from ? 'end' : 'start',
  )
}
