'use client'

import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react'
import type { TodoSource } from './todo-source'
import { todoStore, type TodoStore } from './todo-store'

/** Null: nothing can be read or saved, and what this device has is shown. */
type Source = TodoSource | null
type Provided = { readonly store: TodoStore; readonly source: Source }

const Context = createContext<Provided | null>(null)

type Props = { userId: string; source: Source; children: ReactNode }

/** Gives the screens below it one user's todos, read and changed through one source. */
export function TodosProvider({ userId, source, children }: Props) {
  const [store] = useState(() => todoStore(userId))
  const provided = useMemo(() => ({ store, source }), [store, source])
  useEffect(() => store.start(source), [store, source])
  return <Context value={provided}>{children}</Context>
}

export function useTodoStore(): TodoStore {
  return useProvided().store
}

export function useTodoSource(): Source {
  return useProvided().source
}

function useProvided(): Provided {
  const provided = use(Context)
  if (!provided) throw new Error('There is no TodosProvider around this component.')
  return provided
}
