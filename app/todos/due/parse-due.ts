/**
 * Reads a due date from words: “fri 9am”, “tomorrow”, “in 3 days”. Load it with `import()`: most visits do not need
 * chrono, which is larger than the list itself.
 */
import { casual, type ParsedResult } from 'chrono-node/en'
import { localDay, type Due } from './due'
import { needsItsDate } from './needs-its-date'

/** A due date at the end of a text, and the text without it. */
export type FoundDue = { due: Due; words: string; rest: string }

/** The whole text as a date, or null. */
export function parseDue(text: string, now = new Date()): Due | null {
  const trimmed = text.trim()
  const [found, ...others] = casual.parse(trimmed, now, { forwardDate: true })
  if (!found || others.length > 0 || !isAtEnd(found, trimmed)) return null
  return withoutPreposition(trimmed.slice(0, found.index)) === '' ? toDue(found) : null
}

/** The date at the end of a todo's text, unless it is past, or the text more likely means something else. */
export function findDueAtEnd(text: string, now = new Date()): FoundDue | null {
  const trimmed = text.trim()
  const found = casual.parse(trimmed, now, { forwardDate: true }).at(-1)
  if (!found || !isAtEnd(found, trimmed) || !isMeantAsDate(found)) return null
  const due = toDue(found)
  const before = withoutPreposition(trimmed.slice(0, found.index))
  const rest = before.replace(/[\s,;:–—-]+$/, '')
  if (rest === '' || needsItsDate(rest) || due.day < localDay(now)) return null
  return { due, words: trimmed.slice(before.length).trim(), rest }
}

const isAtEnd = ({ index, text }: ParsedResult, whole: string) =>
  index + text.length === whole.length

const withoutPreposition = (text: string) =>
  text.replace(/(?:^|\s)(?:by|on|at|due|until|till|before|@)\s*$/i, '').trim()

/** “In May”, “Report Jan 2028” and “Lot 12/24” are more often not meant so. */
function isMeantAsDate({ text, start }: ParsedResult): boolean {
  if (/^[\d./-]+$/.test(text)) return start.isCertain('day') && start.isCertain('year')
  return (
    (['day', 'weekday', 'hour'] as const).some((part) => start.isCertain(part)) ||
    /\b(?:week|month|year)s?\b/i.test(text)
  )
}

function toDue({ start }: ParsedResult): Due {
  // Words with a time zone of their own (“9am UTC”) name a moment, which the user's clock shows as another time.
  const date = start.isCertain('timezoneOffset') ? start.date() : onTheWall(start)
  const time = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`
  return { day: localDay(date), time: start.isCertain('hour') ? time : null }
}

function onTheWall(start: ParsedResult['start']): Date {
  const part = (name: 'year' | 'month' | 'day' | 'hour' | 'minute') => start.get(name) ?? 0
  return new Date(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
}

const twoDigits = (number: number) => String(number).padStart(2, '0')
