/** SQL can reach no function of the owner that PROXY_FUNCTIONS does not list. */
import { FIND_SHADOWS, judgeShadows, shadowParams } from '../src/gate/shadows'
import { unsafe, type Check } from './check'

export const shadowCheck: Check = {
  name: 'shadows',
  group: 'Functions',
  good: 'SQL can reach your functions only by a name in PROXY_FUNCTIONS: not by overloads, operators, casts or attributes of rows',
  run: async ({ database, listed }) => {
    const path = `select pg_catalog.set_config('search_path', $1, false)`
    await database.query(path, ['pg_catalog,pg_temp'])
    const rows = await database
      .query(FIND_SHADOWS, shadowParams(listed, database.searchPath.schemas))
      .finally(() => database.query(path, [database.searchPath.value]))
    const { problems } = judgeShadows(
      rows.map((row) => Object.values(row)),
      listed,
    )
    return problems.map(({ what, fix }) => unsafe(`${what}; the proxy serves no request`, fix))
  },
}
