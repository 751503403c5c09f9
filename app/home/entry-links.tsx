import { ArrowRightIcon, GlobeIcon, ServerIcon, type LucideIcon } from 'lucide-react'
import { PageLink } from '@/app/components/page-link'

export function EntryLinks() {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <EntryLink href="/server" icon={ServerIcon} title="From the server">
        Rendered on the server, changed by server actions.
      </EntryLink>
      <EntryLink href="/browser" icon={GlobeIcon} title="From the browser">
        The same list, its SQL sent by the page itself.
      </EntryLink>
    </div>
  )
}

type EntryLinkProps = { href: string; icon: LucideIcon; title: string; children: string }

function EntryLink({ href, icon: Icon, title, children }: EntryLinkProps) {
  return (
    <PageLink
      href={href}
      className="group grid content-start gap-2 rounded-xl border bg-card p-5 shadow-sm transition-colors hover:border-primary"
    >
      <Icon aria-hidden className="size-6 text-primary" />
      <h2 className="flex items-center gap-2 font-semibold">
        {title}
        <ArrowRightIcon
          aria-hidden
          className="size-4 text-muted-foreground transition-transform group-hover:translate-x-1"
        />
      </h2>
      <p className="text-sm text-muted-foreground">{children}</p>
    </PageLink>
  )
}
