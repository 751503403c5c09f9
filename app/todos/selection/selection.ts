/** Which rows are selected. The anchor is where a range begins: the row that was last selected without Shift. */

export type Selection = { ids: ReadonlySet<string>; anchor: string | null }

export const noSelection: Selection = { ids: new Set(), anchor: null }

export function toggle({ ids }: Selection, id: string): Selection {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return { ids: next, anchor: id }
}

/** A range that begins at a row, which is selected from now on. */
export function beginAt({ ids }: Selection, id: string): Selection {
  return { ids: new Set([...ids, id]), anchor: id }
}

/** Adds all rows from the anchor to this one; without an anchor on screen, this row alone. */
export function extend(selection: Selection, id: string, shown: readonly string[]): Selection {
  const from = selection.anchor === null ? -1 : shown.indexOf(selection.anchor)
  const to = shown.indexOf(id)
  if (to === -1) return selection
  if (from === -1) return { ids: new Set([...selection.ids, id]), anchor: id }
  const range = shown.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { ids: new Set([...selection.ids, ...range]), anchor: selection.anchor }
}

export function selectAll(shown: readonly string[]): Selection {
  return { ids: new Set(shown), anchor: shown[0] ?? null }
}

/** Without rows that are gone: deleted, or moved elsewhere. The same object if there are none. */
export function keepShown(selection: Selection, shown: readonly string[]): Selection {
  if (selection.ids.size === 0) return selection
  const present = new Set(shown)
  const ids = [...selection.ids].filter((id) => present.has(id))
  if (ids.length === selection.ids.size) return selection
  const { anchor } = selection
  return { ids: new Set(ids), anchor: anchor !== null && present.has(anchor) ? anchor : null }
}
