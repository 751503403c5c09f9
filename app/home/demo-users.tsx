import { Button } from '@/app/components/ui/button'
import { DEMO_USERS } from '@/db/demo-users'
import { demoSignInPath } from '@/lib/auth/demo-sign-in'

/** One click each, where the login provider has demo users. */
export function DemoUsers() {
  const action = demoSignInPath()
  if (action === undefined) return null
  return (
    <form method="post" action={action} className="contents">
      <input type="hidden" name="to" value="/todos" />
      {Object.entries(DEMO_USERS).map(([user, { firstName }]) => (
        <Button key={user} type="submit" name="user" value={user} variant="outline" size="lg">
          Try it as {firstName}
        </Button>
      ))}
    </form>
  )
}
