import { PageLink } from '@/app/components/page-link'
import { Button } from '@/app/components/ui/button'

export function SignInLinks() {
  return (
    <div className="flex flex-wrap gap-3">
      <Button asChild size="lg">
        <PageLink href="/sign-in">Sign in</PageLink>
      </Button>
      <Button asChild size="lg" variant="outline">
        <PageLink href="/sign-up">Sign up</PageLink>
      </Button>
    </div>
  )
}
