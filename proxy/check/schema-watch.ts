/** The proxy notices every schema change, so that its prepared statements stay correct. */
import { weak, type Check } from './check'

export const schemaWatchCheck: Check = {
  name: 'schema-watch',
  group: 'Schema',
  good: 'event triggers notify the proxy of every schema change',
  run: async ({ database }) => {
    const [found] = await database.query(
      `select pg_catalog.to_regclass('proxy_state.schema_version') is not null as has_version,
         (select pg_catalog.count(*) = 2 from pg_catalog.pg_event_trigger
          where evtname like 'note\\_schema\\_change\\_%' and evtenabled = 'A') as is_watched,
         -- Not by to_regclass(): the login role may not look into that schema.
         exists (select from pg_catalog.pg_trigger as t
          join pg_catalog.pg_class as c on c.oid = t.tgrelid
          join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
          where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations'
            and t.tgname = 'note_migration' and t.tgenabled = 'A') as sees_migrations`,
    )
    if (found?.has_version !== 't') {
      return [
        weak(
          'nothing tells the proxy of changes of the schema, so that it keeps no statement prepared: each is parsed anew',
          'Run `npm run db:migrate`, which makes proxy_state.schema_version.',
        ),
      ]
    }
    if (found.is_watched === 't') return []
    const noticed =
      found.sees_migrations === 't'
        ? 'of the schema’s changes the proxy notices migrations only'
        : 'no trigger tells the proxy of changes of the schema'
    return [
      weak(
        `${noticed}: after any other, statements keep the types of their parameters, and can store a wrong value without an error`,
        'Run `npm run db:migrate` as a superuser: it makes the event triggers. Where nobody is one, run it after each change made by hand, or select private.schema_changed(); in the transaction that makes the change.',
      ),
    ]
  },
}
