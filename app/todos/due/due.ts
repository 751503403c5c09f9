/**
 * When a todo is due: a day, and perhaps a time, as a clock on the wall shows them. They have no time zone: “Friday
 * 9:00” stays that wherever its owner travels.
 */

/** `day` is `2026-12-04`, `time` is `09:00`: both sort as text. */
export type Due = { day: string; time: string | null }

/** What the user's own clock shows. */
export type LocalNow = { day: string; time: string }

/** From the database's columns, whose time has seconds. */
export function dueOf(todo: { dueOn: string | null; dueTime: string | null }): Due | null {
  return todo.dueOn === null
    ? null
    : { day: todo.dueOn, time: todo.dueTime === null ? null : todo.dueTime.slice(0, 5) }
}

export function localNow(date = new Date()): LocalNow {
  return { day: localDay(date), time: `${pad(date.getHours())}:${pad(date.getMinutes())}` }
}

/** The day that a date falls on in the browser's time zone. */
export function localDay(date: Date): string {
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}

/** Noon of a day, in the browser's time zone: no change to summer time moves it to another day. */
export function noonOf(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date, 12)
}

/** A day with no time is overdue when it is over. */
export function isOverdue({ day, time }: Due, now: LocalNow): boolean {
  return day < now.day || (day === now.day && time !== null && time < now.time)
}

/** “Today”, “Tomorrow 09:00”, “Fri”, “Dec 24”. Without `now`, which a server does not know, the date itself. */
export function describeDue({ day, time }: Due, now: LocalNow | null): string {
  const words = now ? relativeDay(day, now.day) : absoluteDay(day, day.slice(0, 4))
  return time === null ? words : `${words} ${time}`
}

/** In full, for a heading or a tooltip: “Friday, December 4”, with the year if it is not that of `today`. */
export function fullDay(day: string, today = day): string {
  return format(day, {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    ...(day.startsWith(today.slice(0, 4)) ? {} : { year: 'numeric' }),
  })
}

function relativeDay(day: string, today: string): string {
  const distance = daysBetween(today, day)
  if (distance === 0) return 'Today'
  if (distance === 1) return 'Tomorrow'
  if (distance === -1) return 'Yesterday'
  if (distance > 1 && distance < 7) return format(day, { weekday: 'short' })
  return absoluteDay(day, today.slice(0, 4))
}

function absoluteDay(day: string, currentYear: string): string {
  return format(day, {
    month: 'short',
    day: 'numeric',
    ...(day.startsWith(currentYear) ? {} : { year: 'numeric' }),
  })
}

export function daysBetween(from: string, to: string): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / 86_400_000)
}

export function addDays(day: string, days: number): string {
  return new Date(utc(day).getTime() + days * 86_400_000).toISOString().slice(0, 10)
}

/** In one language and time zone, so that server and browser write the same. */
function format(day: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' }).format(utc(day))
}

const utc = (day: string) => new Date(`${day}T00:00:00Z`)
const pad = (number: number, length = 2) => String(number).padStart(length, '0')
