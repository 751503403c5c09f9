/** Where SQL runs: it is the first part of a path, and a choice that each device keeps. */

export const places = ['server', 'browser'] as const
export type Place = (typeof places)[number]

export const PLACE_COOKIE = 'sql-runs-on'

export function parsePlace(value: unknown): Place | undefined {
  return places.find((place) => place === value)
}

/** `/server/today` is on the server; a page such as `/account` is in neither place. */
export function placeOf(pathname: string): Place | undefined {
  return parsePlace(pathname.split('/')[1])
}

/** The same view in the other place; the start of it from a page that is in neither. */
export function pathIn(place: Place, pathname: string): string {
  if (placeOf(pathname) === undefined) return `/${place}`
  return ['', place, ...pathname.split('/').slice(2)].join('/')
}
