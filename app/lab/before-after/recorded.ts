/** The answers of the endpoints as a test records them, for where the lab is off; a row's task is its id here. */
import type { EndpointAnswer } from './call-endpoint'
import type { Endpoint, Way } from './endpoints'

export type Recorded = Readonly<Record<Endpoint, Readonly<Record<Way, EndpointAnswer>>>>

export function withoutIds({ rows, leaked, ...rest }: EndpointAnswer): EndpointAnswer {
  const named = rows.map((row) => ({ ...row, id: row.task ?? null }))
  const isLeaked = (index: number) => leaked.includes(rows[index]?.id ?? '')
  return {
    ...rest,
    rows: named,
    leaked: named.flatMap(({ id }, index) => (id !== null && isLeaked(index) ? [id] : [])),
  }
}

const row = (task: string, notes?: string) => ({
  id: task,
  task,
  ...(notes === undefined ? {} : { notes }),
})
const SAFE = { status: 200, rows: [], leaked: [], isHarmed: false } as const

const OWN = ['Fix the squeaky bike', 'Make a playlist', 'Return the library books']
const HERS = [
  row('Ask the doctor about the test results', 'After the train, on Thursday'),
  row('Book the train to Lisbon', 'Night train via Hendaye, two beds'),
]

export const recorded: Recorded = {
  'list-todos': {
    'in-code': { ...SAFE, rows: OWN.map((task) => row(task)) },
    'with-policies': {
      ...SAFE,
      rows: [...OWN, 'Send the invitations'].map((task) => row(task)),
    },
  },
  'search-todos': {
    'in-code': { ...SAFE, rows: HERS, leaked: HERS.map(({ task }) => task) },
    'with-policies': SAFE,
  },
  'rename-todo': {
    'in-code': { ...SAFE, status: 403 },
    'with-policies': { ...SAFE, status: 404 },
  },
}
