'use client'

import { signUp } from '../../lib/auth'
import { CredentialsForm } from '../credentials-form'

export default function Page() {
  return <CredentialsForm doing="Sign up" attempt={signUp} />
}
