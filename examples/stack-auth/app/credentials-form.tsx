'use client'

import { useActionState } from 'react'

/** Why it failed, and the address to try again with. */
export type Attempt = { problem?: string; email?: string }

type Props = {
  doing: 'Sign in' | 'Sign up'
  action: (last: Attempt, form: FormData) => Promise<Attempt>
}

export function CredentialsForm({ doing, action }: Props) {
  const [{ problem, email }, submit] = useActionState(action, {})
  return (
    <main>
      <h1>{doing}</h1>
      {problem && <p role="alert">{problem}</p>}
      <form action={submit}>
        <label>
          Email <input name="email" type="email" required defaultValue={email} key={email} />
        </label>
        <label>
          Password <input name="password" type="password" required />
        </label>
        <button>{doing}</button>
      </form>
    </main>
  )
}
