import { enter } from '../actions'
import { CredentialsForm } from '../credentials-form'

export default function Page() {
  return <CredentialsForm doing="Sign in" action={enter} />
}
