'use client'

import { hashKey, useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import { useAsUser } from '../auth/use-as-user'
import { failed, succeeded, type Problem } from '../problem'
import { browserDb } from './browser-db'
import { liveQuery, type LiveQuery } from './live'
import { sqlProblem } from './sql-problem'

/** A query that failed, with the problem that is shown to the user. */
export class QueryProblem extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem)
    this.problem = problem
  }
}

/**
 * A query of TanStack's that is answered again whenever its answer has changed in the database:
 *
 *   const { data } = useLiveQuery({ queryKey: ['todos'], query: listTodos })
 *
 * Where live queries are off, it is one that is asked once, as ever.
 */
export function useLiveQuery<T>({ queryKey, query }: { queryKey: QueryKey; query: LiveQuery<T> }) {
  const asUser = useAsUser()
  const client = useQueryClient()
  useLiveAnswers(queryKey, query, (answer) => {
    client.setQueryData(queryKey, answer)
  })
  return useQuery<T, QueryProblem>({
    queryKey,
    staleTime: Infinity,
    queryFn: async () => {
      const result = await asUser(async (token) => {
        try {
          return succeeded(await query(browserDb(token)))
        } catch (error) {
          return failed(sqlProblem(error))
        }
      })
      if (!result.ok) throw new QueryProblem(result.problem)
      return result.value
    },
  })
}

/**
 * Calls `onAnswer` with the answer of a query, and again whenever it has changed.
 * @param key stands for the query: another key is another query
 */
export function useLiveAnswers<T>(
  key: QueryKey,
  query: LiveQuery<T>,
  onAnswer: (answer: T) => void,
): void {
  const asUser = useAsUser()
  const ask = useEffectEvent(query)
  const receive = useEffectEvent(onAnswer)
  const hash = hashKey(key)
  useEffect(
    () =>
      liveQuery<T>({
        userDb: browserDb,
        query: (db) => ask(db),
        asUser,
        onAnswer: (answer) => {
          receive(answer)
        },
      }),
    [hash, asUser],
  )
}
