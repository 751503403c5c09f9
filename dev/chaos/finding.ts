/** What one trial found. */
export type Finding = {
  readonly name: string
  /** Nothing was lost, and nothing untrue was said. */
  readonly isGood: boolean
  readonly figures: Readonly<Record<string, number | string>>
}
