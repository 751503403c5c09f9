/** Asks a question about lists, and keeps the answer right: it is asked again after each change, and on focus. */
import { QueryClient, useQuery } from '@tanstack/react-query'
import type { Place } from '@/app/shell/place'
import { useAccount } from '@/lib/auth/account'
import type { Problem } from '@/lib/problem'
import type { Input, Name, Output } from './operations'
import { usePerform } from './use-perform'

/** Of this tab. On the server nothing is asked, so that nothing of one user's is there for another. */
const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })

/** Asks for everything again that is on screen, because a change of a role can change all of it. */
export function askAgain(): Promise<void> {
  return client.invalidateQueries()
}

/** Asks for the lists again, with their counts. */
export function countAgain(): Promise<void> {
  return client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === 'lists' })
}

type Options<T> = {
  /** Of a page that is in neither of both. */
  place?: Place
  /** What the server has answered while it rendered the page. */
  given?: T | undefined
}

export function useAnswer<N extends Name>(
  name: N,
  input: Input<N>,
  { place, given }: Options<Output<N>> = {},
) {
  const perform = usePerform(place)
  const account = useAccount()
  const { data, error } = useQuery<Output<N>, AnswerError>(
    {
      queryKey: [account?.id, name, input],
      enabled: account !== null,
      ...(given === undefined ? {} : { initialData: given }),
      queryFn: async () => {
        const result = await perform(name, input)
        if (result.ok) return result.value
        throw new AnswerError(result.problem)
      },
    },
    client,
  )
  const problem = error?.problem ?? null
  return { answer: isLost(problem) ? undefined : (data ?? given), problem }
}

/** Whether what was there before must not stay in sight, as it may without a connection. */
const isLost = (problem: Problem | null) =>
  problem === 'gone' || problem === 'refused' || problem === 'signed-out'

class AnswerError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem)
    this.problem = problem
  }
}
