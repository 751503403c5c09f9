import { Alert } from '@/app/components/ui/alert'
import { problems } from '@/lib/problem'
import { reason } from './messages'

/** Why a form without JavaScript did not do what it should: the server action puts the problem into the address. */
export function FormProblem({ problem: value }: { problem: unknown }) {
  const problem = problems.find((known) => known === value)
  return problem && <Alert className="mb-4">Your change was not saved. {reason(problem)}</Alert>
}
