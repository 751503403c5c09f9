import 'server-only'
import { clerkClient } from '@clerk/nextjs/server'

/** Deletes the user at Clerk, and so all their sessions; Clerk then reports it to `/webhooks/clerk`. */
export async function deleteUser(userId: string): Promise<void> {
  const clerk = await clerkClient()
  await clerk.users.deleteUser(userId)
}
