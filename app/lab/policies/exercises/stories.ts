/** What each exercise says about its table `notes`, and what to try there. The mistake is planted by the service. */
import type { EXERCISES } from '../../service/api'
import type { Person } from '../try/who'

export type Number = (typeof EXERCISES)[number]

type Story = {
  readonly title: string
  /** What users have reported. */
  readonly report: string
  readonly person: Person
  readonly statements: Readonly<Record<string, string>>
}

const READ = { 'Read the notes': 'select user_id, team, body from notes' }
const WRITE = {
  'Add a note': `insert into notes (team, body) values ('blue', 'Oil the chain')`,
  'Add a note as Alice': `insert into notes (user_id, team, body) values ('alice', 'red', 'I owe Bob 100 euros')`,
}

export const STORIES: Readonly<Record<Number, Story>> = {
  1: {
    title: 'Bob knows too much',
    report: 'Bob has wished Alice good luck at the dentist. She has told nobody.',
    person: 'bob',
    statements: READ,
  },
  2: {
    title: 'The notes that everyone reads',
    report: 'Carol’s boss has read in the app that she looks for another job.',
    person: 'bob',
    statements: READ,
  },
  3: {
    title: 'A debt that Alice never had',
    report: 'Among Alice’s notes is one that she has not written: she owes Bob 100 euros.',
    person: 'bob',
    statements: { ...READ, ...WRITE },
  },
  4: {
    title: 'Nobody reads anything',
    report:
      'Teams were to see each other’s notes. Since that change, the page of notes is an error.',
    person: 'carol',
    statements: READ,
  },
  5: {
    title: 'The notes on the open web',
    report: 'A search engine shows notes of our users. Its robot has no account.',
    person: 'nobody',
    statements: READ,
  },
  6: {
    title: 'The harmless summary',
    report: 'The policies of notes are sound, and still Bob reads what Alice writes.',
    person: 'bob',
    statements: { ...READ, 'Read the summary': 'select team, user_id, body from notes_of_teams' },
  },
}
