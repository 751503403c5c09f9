/** The database sees to it: the endpoints ask for what they show. */
export { listTodos } from './list-todos'
export { renameTodo } from './rename-todo'
export { searchTodos } from './search-todos'
