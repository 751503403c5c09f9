/** Says before anything is changed which right on roles the owner lacks, and what a superuser grants. */
import { escapeIdentifier, type Client } from 'pg'
import { z } from 'zod'
import { DatabaseError } from './database-error'

type Connection = Pick<Client, 'query'>

const rights = z.object({
  me: z.string(),
  may_create: z.boolean(),
  missing: z.array(z.string()),
  ungranted: z.array(z.string()),
})

/**
 * @param place the database in words, for the sentence
 * @throws DatabaseError when roles have to be made or granted, and the owner may not
 */
export async function requireRoleRights(client: Connection, place: string): Promise<void> {
  const { rows } = await client.query(
    `select current_user as me, r.rolcreaterole or r.rolsuper as may_create,
       array(select name from unnest(array['authenticated', 'anonymous', 'authenticator']) as name
         where to_regrole(name) is null) as missing,
       array(select name from unnest(array['authenticated', 'anonymous']) as name
         where to_regrole(name) is not null and to_regrole('authenticator') is not null
           and not pg_has_role(to_regrole('authenticator'), to_regrole(name), 'member')
           and not r.rolsuper and not (r.rolcreaterole and current_setting('server_version_num')::int < 160000)
           and not pg_has_role(to_regrole(name), 'member with admin option')) as ungranted
     from pg_catalog.pg_roles as r where r.rolname = current_user`,
  )
  const { me, may_create, missing, ungranted } = rights.parse(rows[0])
  if (missing.length > 0 && !may_create) {
    throw new DatabaseError(
      `${place}: ${me} may not create roles, and ${missing.join(', ')} must be made. As a superuser run: ALTER ROLE ${escapeIdentifier(me)} CREATEROLE; then migrate again.`,
    )
  }
  if (ungranted.length > 0) {
    throw new DatabaseError(
      `${place}: ${me} may not grant roles that others have made. As a superuser run: GRANT ${ungranted.join(', ')} TO authenticator; then migrate again.`,
    )
  }
}

/** @returns the sentence for an owner who may not set the password of `authenticator` */
export async function passwordRefusal(client: Connection, place: string): Promise<DatabaseError> {
  const { rows } = await client.query('select current_user as me')
  const { me } = z.object({ me: z.string() }).parse(rows[0])
  return new DatabaseError(
    `${place}: ${me} may not set authenticator’s password. As a superuser run: ALTER ROLE ${escapeIdentifier(me)} CREATEROLE; GRANT authenticator TO ${escapeIdentifier(me)} WITH ADMIN OPTION; or set the password yourself and leave PROXY_DATABASE_URL out of this command.`,
  )
}
