/** What one trial found. */
export type Finding = {
  readonly name: string
  /** Whether nothing was lost and no outcome was reported wrongly. */
  readonly isGood: boolean
  readonly figures: Readonly<Record<string, number | string>>
}
