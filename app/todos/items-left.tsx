import type { ShownTodo } from './show-change'

type Props = { todos: readonly ShownTodo[]; isSaving: boolean }

export function ItemsLeft({ todos, isSaving }: Props) {
  const left = todos.filter(({ isComplete }) => !isComplete).length
  return (
    <div className="mr-auto flex gap-3 text-muted-foreground">
      <p role="status" className="tabular-nums">
        {left} {left === 1 ? 'item' : 'items'} left
      </p>
      {/* Most changes are saved before this shows. */}
      {isSaving && <p className="animate-appear-late">Saving…</p>}
    </div>
  )
}
