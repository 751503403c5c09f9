/** What may stand in a todo: the same rule that the database checks (db/schema/todos.ts). */

export const maxTaskLength = 500

/** Of one user; the quota in db/schema/todos.ts. */
export const maxTodos = 10_000

/** Counts characters like Postgres' char_length: an emoji is one, not two as in JavaScript. */
export const taskLength = (task: string) => Array.from(task).length

export const isTask = (task: string) =>
  task === task.trim() && task !== '' && taskLength(task) <= maxTaskLength

export const tooLong = `A todo is 1 to ${maxTaskLength} characters long.`
