'use client'
/** Imports a file into a list: choose, look at what is in it, import. Loaded when it is first opened. */

import { useEffect, useRef, useState, type ChangeEvent } from 'react'
import { Button } from '@/app/components/ui/button'
import { Dialog } from '@/app/components/ui/dialog'
import { reason } from '@/app/todos/messages'
import type { Problem } from '@/lib/problem'
import { FileError } from './file-error'
import { addTodosOf, type AddBatch } from './add-todos'
import { importTodos } from './import-todos'
import type { WholeTodo } from '@/db/queries/todos'
import { planImport } from './plan-import'
import { Progress } from './progress'
import { readTodoFile } from './read-file'

type Props = {
  userId: string
  /** Where todos go whose list is not named, or not the user's. */
  listId: string | null
  listName: string
  /** The lists that the user may add to. */
  editableLists: ReadonlySet<string>
  add: AddBatch
  /** Something was added. */
  onAdded: () => void
  onClose: () => void
}

type Step =
  | { name: 'choose'; error: string }
  | { name: 'ready'; file: string; todos: WholeTodo[] }
  | { name: 'running'; todos: WholeTodo[]; done: number }
  | { name: 'ended'; todos: WholeTodo[]; done: number; added: number; problem: Problem | null }

export default function ImportDialog(props: Props) {
  const { userId, listId, listName, editableLists, add, onAdded, onClose } = props
  const [step, setStep] = useState<Step>({ name: 'choose', error: '' })
  const cancel = useRef(new AbortController())
  useEffect(
    () => () => {
      cancel.current.abort()
    },
    [],
  )

  async function choose({ target }: ChangeEvent<HTMLInputElement>) {
    const [file] = target.files ?? []
    if (!file) return
    try {
      const read = readTodoFile(file.name, new Uint8Array(await file.arrayBuffer()))
      const todos = await planImport(read, { userId, listId, editableLists })
      setStep({ name: 'ready', file: file.name, todos })
    } catch (error) {
      const message = error instanceof FileError ? error.message : 'The file could not be read.'
      setStep({ name: 'choose', error: message })
    }
    // The same file can be chosen again, once it has been corrected.
    target.value = ''
  }

  async function start(todos: WholeTodo[]) {
    cancel.current = new AbortController()
    setStep({ name: 'running', todos, done: 0 })
    const outcome = await importTodos(todos, {
      save: addTodosOf(userId, add),
      onProgress: (done) => {
        setStep({ name: 'running', todos, done })
      },
      signal: cancel.current.signal,
    })
    if (outcome.added > 0) onAdded()
    setStep({ name: 'ended', todos, ...outcome })
  }

  return (
    <Dialog
      title="Import todos"
      description={`From a .json, .csv, .txt or .md file, into “${listName}”. The same file can be imported again: what is there already is not added twice.`}
      onClose={onClose}
    >
      {step.name === 'choose' && (
        <label className="grid gap-2 text-sm font-medium">
          File
          <input
            type="file"
            accept=".json,.csv,.tsv,.txt,.md"
            className="min-h-11 w-full rounded-md border border-input p-2 text-base file:mr-3 file:h-8 file:cursor-pointer file:rounded-md file:border file:border-input file:bg-card file:px-3 file:text-foreground"
            aria-describedby="import-error"
            onChange={(event) => void choose(event)}
          />
          <span id="import-error" role="alert" className="font-normal text-destructive">
            {step.error}
          </span>
        </label>
      )}
      {step.name === 'ready' && (
        <>
          <Preview file={step.file} todos={step.todos} />
          <div className="flex flex-wrap gap-2">
            <Button autoFocus onClick={() => void start(step.todos)}>
              Import {count(step.todos.length)}
            </Button>
            <Button
              variant="outline"
              onClick={() => {
                setStep({ name: 'choose', error: '' })
              }}
            >
              Choose another file
            </Button>
          </div>
        </>
      )}
      {step.name === 'running' && (
        <Progress
          label="Importing"
          done={step.done}
          of={step.todos.length}
          onCancel={() => {
            cancel.current.abort()
          }}
        />
      )}
      {step.name === 'ended' && (
        <>
          <p role="status">{outcomeText(step)}</p>
          <div className="flex flex-wrap gap-2">
            {step.done < step.todos.length && (
              <Button onClick={() => void start(step.todos)}>
                {step.problem ? 'Try again' : 'Go on'}
              </Button>
            )}
            <Button variant="outline" autoFocus onClick={onClose}>
              Close
            </Button>
          </div>
        </>
      )}
    </Dialog>
  )
}

function Preview({ file, todos }: { file: string; todos: readonly WholeTodo[] }) {
  const complete = todos.filter(({ isComplete }) => isComplete).length
  return (
    <div className="grid gap-2 text-sm">
      <p role="status">
        {file} has {count(todos.length)}
        {complete > 0 && `, ${complete.toLocaleString('en')} of them complete`}. It begins with:
      </p>
      <ul role="list" className="grid gap-1 rounded-md border bg-muted/50 p-3">
        {todos.slice(0, 5).map(({ id, task }) => (
          <li key={id} dir="auto" className="truncate">
            {task}
          </li>
        ))}
      </ul>
    </div>
  )
}

function outcomeText({ todos, done, added, problem }: Extract<Step, { name: 'ended' }>): string {
  const there = done - added
  const parts = [
    `${count(added)} added.`,
    there > 0 && `${there.toLocaleString('en')} ${there === 1 ? 'was' : 'were'} there already.`,
    done < todos.length && `${count(todos.length - done)} not imported.`,
    problem && reason(problem),
  ]
  return parts.filter(Boolean).join(' ')
}

const count = (number: number) =>
  `${number.toLocaleString('en')} ${number === 1 ? 'todo' : 'todos'}`
