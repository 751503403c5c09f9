import { redirect } from 'next/navigation'
import { chosenPlace } from '@/app/shell/chosen-place'

/** Where signing in and the landing page lead: the todos, with SQL running where this device lets it. */
export default async function TodosPage() {
  redirect(`/${await chosenPlace()}`)
}
