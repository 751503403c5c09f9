import type { ReactNode } from 'react'
import '../../todos/todos.css'

export const metadata = { title: 'Todos, with Stack Auth' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
