import { join } from '../actions'
import { CredentialsForm } from '../credentials-form'

export default function Page() {
  return <CredentialsForm doing="Sign up" action={join} />
}
