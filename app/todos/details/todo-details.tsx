'use client'
/** What a row shows when it is opened: its due date and its notes. Loaded when the first row is opened. */

import { useMayEdit } from '@/app/lists/may-edit'
import type { Todo } from '@/db/queries/todos'
import { dueOf } from '@/app/todos/due/due'
import { DueField } from '@/app/todos/due/due-field'
import { NotesField } from '@/app/todos/notes/notes-field'
import { NotesMissing } from '@/app/todos/notes/notes-missing'
import { useSavedNotes } from '@/app/todos/notes/use-saved-notes'
import { LinkedText } from '@/app/todos/text/linked-text'
import type { Act } from '@/app/todos/use-act'

export default function TodoDetails({ todo, act }: { todo: Todo; act: Act }) {
  const { id, task } = todo
  const { notes, problem, retry } = useSavedNotes(todo)
  const mayEdit = useMayEdit()(todo.listId)
  const missing = <NotesMissing problem={problem} onRetry={retry} />
  return (
    <div
      role="group"
      aria-label={`Details of ${task}`}
      className="grid gap-5 border-t border-dashed p-4 sm:px-5 sm:pl-13"
    >
      {mayEdit ? (
        <>
          <DueField
            due={dueOf(todo)}
            onChange={(due) => {
              act({ type: 'due', id, dueOn: due?.day ?? null, dueTime: due?.time ?? null }, todo)
            }}
          />
          {notes === null ? (
            missing
          ) : (
            <NotesField
              saved={notes}
              onSave={(text) => {
                act({ type: 'note', id, notes: text }, todo)
              }}
            />
          )}
        </>
      ) : notes === null ? (
        missing
      ) : (
        <p dir="auto" className="wrap-anywhere whitespace-pre-wrap">
          {notes ? <LinkedText text={notes} /> : 'No notes.'}
        </p>
      )}
    </div>
  )
}
