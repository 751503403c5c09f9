import type { Metadata } from 'next'
import { PageFrame } from '@/app/todos/page-frame'
import { ServerList } from './server-list'

export const metadata: Metadata = { title: 'From the server' }

export default function ServerPage({ searchParams }: PageProps<'/server'>) {
  return (
    <PageFrame
      title="From the server"
      description="This list was rendered on the server, which also sends each change to Postgres."
    >
      <ServerList view={{ name: 'mine' }} searchParams={searchParams} />
    </PageFrame>
  )
}
