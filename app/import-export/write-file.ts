/** Writes todos as JSON or CSV, page by page: a list of any length is never held twice. */
import type { FileTodo } from './read-file'
import { csvLines, writeCsv } from './csv'

export const formats = ['json', 'csv'] as const
export type Format = (typeof formats)[number]

export const mediaTypes: Record<Format, string> = {
  json: 'application/json',
  csv: 'text/csv;charset=utf-8',
}

/** A todo in a file, with the name of its list for people who read it. */
export type ExportedTodo = FileTodo & { list: string; insertedAt: string }

type Writer = {
  begin: string
  page: (todos: readonly ExportedTodo[], isFirst: boolean) => string
  end: string
}

export const writers: Record<Format, Writer> = {
  json: {
    begin: '{"format":"todos","version":1,"todos":[',
    // One a line: errors of an import name lines, and versions of a file can be compared.
    page: (todos, isFirst) =>
      todos
        .map((todo, index) => `${isFirst && index === 0 ? '' : ','}\n${JSON.stringify(todo)}`)
        .join(''),
    end: '\n]}\n',
  },
  csv: {
    begin: writeCsv([
      ['task', 'notes', 'completed', 'due_on', 'due_time', 'list', 'added', 'list_id', 'id'],
    ]),
    page: (todos) =>
      csvLines(
        todos.map((todo) => [
          todo.task,
          todo.notes,
          String(todo.isComplete),
          todo.dueOn ?? '',
          todo.dueTime ?? '',
          todo.list,
          todo.insertedAt,
          todo.listId ?? '',
          todo.id ?? '',
        ]),
      ),
    end: '',
  },
}

/** `todos-2026-11-30.csv`. */
export const fileName = (format: Format, day: string) => `todos-${day}.${format}`
