import type { Reported } from './reported'
import { ReportedTodo } from './reported-todo'

export function ReportedTodos({ reported }: { reported: readonly Reported[] }) {
  if (reported.length === 0) {
    return (
      <p className="rounded-xl border bg-card px-5 py-10 text-center text-muted-foreground">
        Nothing is reported.
      </p>
    )
  }
  return (
    <ul role="list" aria-label="Reported todos" className="grid gap-4">
      {reported.map((one) => (
        <ReportedTodo key={one.todo.id} {...one} />
      ))}
    </ul>
  )
}
