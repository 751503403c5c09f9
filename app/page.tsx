import { SignInButton, UserButton } from '@clerk/nextjs'
import { currentUserId } from '@/lib/session'

export default async function HomePage() {
  const userId = await currentUserId()
  return <main>{userId ? <UserButton /> : <SignInButton />}</main>
}
