'use client'
/** Exports all todos of the user, of every list, as a file. Loaded when it is first opened. */

import { useEffect, useRef, useState } from 'react'
import { Button } from '@/app/components/ui/button'
import { Dialog } from '@/app/components/ui/dialog'
import { localDay } from '@/app/todos/due/due'
import { reason } from '@/app/todos/messages'
import type { TodoSource } from '@/app/todos/todo-source'
import type { Problem } from '@/lib/problem'
import { exportTodos } from './export-todos'
import { Progress } from './progress'
import { saveFile } from './save-file'
import { fileName, type Format } from './write-file'

type Props = {
  source: Pick<TodoSource, 'loadWhole'>
  /** By id; null is the private list. */
  listNames: ReadonlyMap<string | null, string>
  onClose: () => void
}

type Step =
  | { name: 'choose' }
  | { name: 'running'; done: number }
  | { name: 'done'; count: number; file: string }
  | { name: 'failed'; problem: Problem }

/** With the longest notes, they still fit into one answer. */
const PAGE_SIZE = 100
/** Every todo that the user sees has no word at least. */
const EVERYTHING = { view: { name: 'search', words: [] }, filter: 'all' } as const

export default function ExportDialog({ source, listNames, onClose }: Props) {
  const [step, setStep] = useState<Step>({ name: 'choose' })
  const cancel = useRef(new AbortController())
  useEffect(
    () => () => {
      cancel.current.abort()
    },
    [],
  )

  async function start(format: Format) {
    cancel.current = new AbortController()
    setStep({ name: 'running', done: 0 })
    const exported = await exportTodos<Parameters<TodoSource['loadWhole']>[0]['after']>(format, {
      loadPage: async (after) => {
        const page = await source.loadWhole({ query: EVERYTHING, after, size: PAGE_SIZE })
        if (!page.ok) return page
        const todos = page.value.todos.map((todo) => ({
          ...exportedColumns(todo),
          list: listNames.get(todo.listId) ?? '',
        }))
        return { ok: true, value: { todos, next: page.value.next } }
      },
      onProgress: (done) => {
        setStep({ name: 'running', done })
      },
      signal: cancel.current.signal,
    })
    if (exported.ok) {
      const file = fileName(format, localDay(new Date()))
      saveFile(file, exported.file)
      setStep({ name: 'done', count: exported.count, file })
    } else if (exported.problem) setStep({ name: 'failed', problem: exported.problem })
    else setStep({ name: 'choose' })
  }

  return (
    <Dialog
      title="Export todos"
      description="All your todos, of every list. JSON keeps everything for an import; CSV opens in a spreadsheet."
      onClose={onClose}
    >
      {step.name === 'running' ? (
        <Progress
          label="Exporting"
          done={step.done}
          onCancel={() => {
            cancel.current.abort()
          }}
        />
      ) : (
        <>
          <p role="status" className="text-sm empty:hidden">
            {step.name === 'done' &&
              `Saved ${step.count.toLocaleString('en')} ${step.count === 1 ? 'todo' : 'todos'} as ${step.file}.`}
            {step.name === 'failed' && `Nothing was exported. ${reason(step.problem)}`}
          </p>
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => void start('json')}>Export JSON</Button>
            <Button variant="outline" onClick={() => void start('csv')}>
              Export CSV
            </Button>
          </div>
        </>
      )}
    </Dialog>
  )
}

function exportedColumns({
  id,
  listId,
  task,
  notes,
  isComplete,
  dueOn,
  dueTime,
  insertedAt,
}: {
  id: string
  listId: string | null
  task: string
  notes: string
  isComplete: boolean
  dueOn: string | null
  dueTime: string | null
  insertedAt: string
}) {
  return { id, listId, task, notes, isComplete, dueOn, dueTime, insertedAt }
}
