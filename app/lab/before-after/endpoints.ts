/** The three endpoints of this room, each written in two ways, and the request that Bob sends to both. */

export const WAYS = ['in-code', 'with-policies'] as const
export type Way = (typeof WAYS)[number]

export const ENDPOINTS = ['list-todos', 'search-todos', 'rename-todo'] as const
export type Endpoint = (typeof ENDPOINTS)[number]

type Words = { readonly title: string; readonly request: string; readonly note?: string }

export const ENDPOINT_WORDS: Readonly<Record<Endpoint, Words>> = {
  'list-todos': {
    title: 'List todos',
    request: 'Bob asks for his todos.',
    note: 'Alice shares the list with “Send the invitations” with Bob: a policy says so once, for every query.',
  },
  'search-todos': { title: 'Search todos', request: 'Bob searches for “train”.' },
  'rename-todo': { title: 'Rename a todo', request: 'Bob renames a todo, by an id of Alice’s.' },
}

export const WAY_WORDS: Readonly<Record<Way, { title: string; database: string }>> = {
  'in-code': {
    title: 'Checks in code',
    database: 'The database answers whatever it is asked: the code alone decides.',
  },
  'with-policies': {
    title: 'Policies',
    database: 'The database has the policies of this app. No query names a user.',
  },
}
