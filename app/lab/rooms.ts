/** The rooms of the lab, in the order of the workshop. Each is a folder here, and a page at `/lab/<its key>`. */

export const ROOMS = {
  follow: {
    title: 'Follow one request',
    lead: 'Pick an action, or type SQL, and watch it pass each stop on its way to your rows.',
  },
  people: {
    title: 'Two people, one table',
    lead: 'The same SQL as Alice, as Bob and as nobody, side by side and live.',
  },
  'break-in': {
    title: 'Break in',
    lead: 'Send any SQL, as yourself or as Bob, and try to get what is not yours. Guess what will stop you, then see what did.',
  },
  layers: {
    title: 'What if a layer were missing',
    lead: 'The same attack with one layer switched off, on a database that is thrown away.',
  },
  'before-after': {
    title: 'Before and after',
    lead: 'Checks in application code beside policies in the database: which one leaks?',
  },
  policies: {
    title: 'Policies',
    lead: 'Every policy as SQL and as a sentence. Try them as any user, and find planted mistakes.',
  },
  tokens: {
    title: 'Keys and tokens',
    lead: 'Make a token, change a claim, an algorithm or the clock, and see which check refuses it.',
  },
} as const

export type RoomName = keyof typeof ROOMS

export const ROOM_NAMES = Object.keys(ROOMS) as RoomName[]

export const pathOf = (room: RoomName) => `/lab/${room}`
