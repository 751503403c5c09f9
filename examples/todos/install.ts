/** Installs the proxy's SQL in a database, and the examples' table unless it is there. */
import { readFileSync } from 'node:fs'
import { install, type InstallOptions } from '../../proxy/install/install'

const TABLE = readFileSync(new URL('./todos.sql', import.meta.url), 'utf8')

export function installTodos(options: InstallOptions): Promise<void> {
  return install(options, async (client) => {
    const { rowCount } = await client.query(`select where to_regclass('public.todos') is null`)
    if (rowCount === 1) await client.query(TABLE)
  })
}
