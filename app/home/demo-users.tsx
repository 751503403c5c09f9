import { Button } from '@/app/components/ui/button'
import { DEMO_USERS } from '@/db/demo-users'

/** One click each, where the login provider has demo users. */
export function DemoUsers({ action, to = '/todos' }: { action: string; to?: string }) {
  return (
    <form method="post" action={action} className="contents">
      <input type="hidden" name="to" value={to} />
      {Object.entries(DEMO_USERS).map(([user, { firstName, publicMetadata }]) => (
        <Button
          key={user}
          type="submit"
          name="user"
          value={user}
          variant="outline"
          size="lg"
          className="shrink whitespace-normal"
        >
          Try it as {firstName}
          {'role' in publicMetadata && `, a ${publicMetadata.role}`}
        </Button>
      ))}
    </form>
  )
}
