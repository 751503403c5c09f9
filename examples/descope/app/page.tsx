'use client'

import { useEffect, useState } from 'react'
import { currentUser } from '../lib/auth'
import { Todos } from './todos'

export default function Page() {
  const [user, setUser] = useState<{ email: string } | null>()
  const look = () => currentUser().then(setUser)
  useEffect(() => void look(), [])
  if (user) return <Todos email={user.email} onSignedOut={look} />
  return (
    <main>
      <h1>Todos</h1>
      {user === null && (
        <p>
          <a href="/sign-in">Sign in</a> or <a href="/sign-up">Sign up</a>
        </p>
      )}
    </main>
  )
}
