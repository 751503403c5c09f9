/**
 * Deletions of many todos are made in parts: an answer has to hold all that was deleted, or undo could not put it back,
 * and the SQL proxy allows 10 MiB.
 */

/** Of the rows as JSON. What an answer adds to that is less than as much again. */
export const PART_BYTES = 4_000_000

/** Whether these rows are so few that none were left for another part. A character has at most three bytes in UTF-8. */
export const isLastPart = (rows: readonly unknown[]) => JSON.stringify(rows).length < PART_BYTES / 4
