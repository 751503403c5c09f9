import { browserDb } from '@/lib/sql/browser-db'
import { perform, type Input, type Name, type Output } from './operations'
import type { Result } from '@/lib/problem'

export function performInBrowser<N extends Name>(
  token: string,
  name: N,
  input: Input<N>,
): Promise<Result<Output<N>>> {
  return perform(browserDb(token), name, input)
}
