/** Each endpoint sees to it that it answers with rows of its user alone. One of them does not. */
export { listTodos } from './list-todos'
export { renameTodo } from './rename-todo'
export { searchTodos } from './search-todos'
