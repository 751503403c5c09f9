import type { ShownTodo } from './show-change'

export function ItemsLeft({ todos }: { todos: readonly ShownTodo[] }) {
  const left = todos.filter(({ isComplete }) => !isComplete).length
  return (
    <p role="status" className="mr-auto text-muted-foreground tabular-nums">
      {left} {left === 1 ? 'item' : 'items'} left
    </p>
  )
}
