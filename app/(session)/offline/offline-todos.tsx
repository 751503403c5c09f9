'use client'

// What this device has kept is checked first. As a part of the page, the service worker stores the check with it.
import '@/app/todos/received'
import { useEffect, useSyncExternalStore } from 'react'
import { lastUser } from '@/app/todos/last-user'
import { TodoList } from '@/app/todos/todo-list'
import { TodosProvider } from '@/app/todos/todos-provider'

const MINE = { name: 'mine' } as const
const never = () => () => undefined

/** A browser may say that it is online before anything can be reached, so this asks, at growing intervals. */
function reloadWhenReachable(): () => void {
  let delay = 500
  let timer: ReturnType<typeof setTimeout> | undefined
  const ask = async () => {
    clearTimeout(timer)
    try {
      await fetch('/sw.js', { method: 'HEAD', cache: 'no-store' })
      window.location.reload()
    } catch {
      delay = Math.min(2 * delay, 30_000)
      timer = setTimeout(() => void ask(), delay)
    }
  }
  const askNow = () => {
    delay = 500
    void ask()
  }
  timer = setTimeout(() => void ask(), delay)
  window.addEventListener('online', askNow)
  return () => {
    clearTimeout(timer)
    window.removeEventListener('online', askNow)
  }
}

/** The list of the user who was signed in last on this device and has not signed out. Changes wait in the outbox. */
export function OfflineTodos() {
  const userId = useSyncExternalStore(never, lastUser, () => null)
  useEffect(reloadWhenReachable, [])
  return (
    userId !== null && (
      <TodosProvider userId={userId} source={null}>
        <TodoList view={MINE} />
      </TodosProvider>
    )
  )
}
