import Link from 'next/link'
import { Button } from '@/app/components/ui/button'

export function SignInLinks() {
  return (
    <div className="flex flex-wrap gap-3">
      <Button asChild size="lg">
        <Link href="/sign-in">Sign in</Link>
      </Button>
      <Button asChild size="lg" variant="outline">
        <Link href="/sign-up">Sign up</Link>
      </Button>
    </div>
  )
}
