'use client'

import { useRouter } from 'next/navigation'
import { useActionState } from 'react'
import type { Credentials } from '../lib/auth'

type Props = {
  doing: 'Sign in' | 'Sign up'
  /** Gives back why not. */
  attempt: (credentials: Credentials) => Promise<string | undefined>
}

export function CredentialsForm({ doing, attempt }: Props) {
  const router = useRouter()
  const [problem, submit] = useActionState(async (_: string | undefined, form: FormData) => {
    const problem = await attempt({ email: text(form, 'email'), password: text(form, 'password') })
    if (problem === undefined) router.replace('/')
    return problem
  }, undefined)
  return (
    <main>
      <h1>{doing}</h1>
      {problem && <p role="alert">{problem}</p>}
      <form action={submit}>
        <label>
          Email <input name="email" type="email" required />
        </label>
        <label>
          Password <input name="password" type="password" required />
        </label>
        <button>{doing}</button>
      </form>
    </main>
  )
}

function text(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}
