import { currentSession } from '@/lib/auth/session'
import { EntryLinks } from './home/entry-links'
import { Introduction } from './home/introduction'
import { SignInLinks } from './home/sign-in-links'

export default async function HomePage() {
  const session = await currentSession()
  return (
    <main className="mx-auto flex w-full max-w-3xl flex-1 flex-col gap-10 px-4 py-16 sm:px-6 sm:py-24">
      <Introduction />
      {session ? <EntryLinks /> : <SignInLinks />}
    </main>
  )
}
