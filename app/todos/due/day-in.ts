export const TIME_ZONE_COOKIE = 'time-zone'

/** The day in a time zone. Of one that is not known, such as on a first visit, it is that of UTC. */
export function dayIn(timeZone: string | undefined, now = new Date()): string {
  try {
    // Sweden writes dates as ISO 8601 does.
    return new Intl.DateTimeFormat('sv', { timeZone: timeZone ?? 'UTC' }).format(now)
  } catch {
    return now.toISOString().slice(0, 10)
  }
}
