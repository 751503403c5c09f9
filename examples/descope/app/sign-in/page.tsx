'use client'

import { signIn } from '../../lib/auth'
import { CredentialsForm } from '../credentials-form'

export default function Page() {
  return <CredentialsForm doing="Sign in" attempt={signIn} />
}
