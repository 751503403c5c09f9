import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { DeleteAccount } from '@/app/account/delete-account'
import { erasure } from '@/app/account/erasure'
import { Profile } from '@/app/account/profile'
import { savedTheme } from '@/app/theme/saved-theme'
import { ThemeSwitch } from '@/app/theme/theme-switch'
import { requireSession } from '@/lib/auth/session'

export const metadata: Metadata = { title: 'Account' }

export default async function AccountPage() {
  const { userId } = await requireSession()
  return (
    <main className="mx-auto grid w-full max-w-3xl content-start gap-6 px-4 py-8 sm:px-6 sm:py-12">
      <h1 className="text-2xl font-semibold tracking-tight">Account</h1>
      <Section title="You">
        <Profile />
      </Section>
      <Section title="Theme">
        <ThemeSwitch initial={await savedTheme()} />
      </Section>
      <Section title="Delete account">
        <p className="text-sm text-pretty text-muted-foreground">
          Deletes your login, and every row of yours in the database.
        </p>
        {erasure() ? (
          <DeleteAccount userId={userId} />
        ) : (
          <p className="text-sm">
            It is not set up here: the app has no webhook secret, or no database role that may
            delete (see <code className="font-mono">.env.example</code>).
          </p>
        )}
      </Section>
    </main>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] justify-items-start gap-4 rounded-xl border bg-card p-4 shadow-sm sm:p-5 [&>*]:w-full [&>button]:w-auto">
      <h2 className="font-semibold">{title}</h2>
      {children}
    </section>
  )
}
