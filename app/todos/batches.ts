/** Divides many todos into batches, each of which takes the proxy some 50 ms and fits into the body of a server action. */

const MAX_TODOS = 250
const MAX_CHARACTERS = 200_000

export function* batches<T extends { task: string; notes: string }>(
  todos: readonly T[],
): Generator<T[]> {
  let batch: T[] = []
  let characters = 0
  for (const todo of todos) {
    const length = todo.task.length + todo.notes.length
    if (batch.length === MAX_TODOS || (batch.length > 0 && characters + length > MAX_CHARACTERS)) {
      yield batch
      batch = []
      characters = 0
    }
    batch.push(todo)
    characters += length
  }
  if (batch.length > 0) yield batch
}
