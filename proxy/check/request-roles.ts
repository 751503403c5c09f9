/** The request roles exist, cannot log in, and are not members of roles with more rights. */
import { ANONYMOUS, AUTHENTICATED, unsafe, type Check } from './check'
import { text, textArray } from './database'
import { attributes } from './login-role'

const GROUP = 'Roles of requests'

export const rolesExistCheck: Check = {
  name: 'roles-exist',
  group: GROUP,
  good: 'they exist, and the login role may become each of them',
  run: async ({ database, roles, anonymous }) => {
    const needed = roles.filter((role) => role !== ANONYMOUS || anonymous)
    const rows = await database.query(
      `select wanted, pg_catalog.quote_ident(wanted) as name, r.oid is not null as exists,
         pg_catalog.quote_ident(current_user) as login
       from pg_catalog.unnest($1::text[]) as wanted
       left join pg_catalog.pg_roles as r on r.rolname = wanted
       where r.oid is null or not pg_catalog.pg_has_role(current_user, r.oid, 'member')`,
      [textArray(needed)],
    )
    return rows.map((row) =>
      row.exists === 't'
        ? unsafe(
            `the login role may not become ${text(row, 'wanted')}, so its requests fail`,
            `GRANT ${text(row, 'name')} TO ${text(row, 'login')};`,
          )
        : unsafe(
            `the role ${text(row, 'wanted')} does not exist, so its requests fail`,
            `CREATE ROLE ${text(row, 'name')} NOLOGIN NOINHERIT; GRANT ${text(row, 'name')} TO ${text(row, 'login')};`,
          ),
    )
  },
}

export const roleAttributesCheck: Check = {
  name: 'role-attributes',
  group: GROUP,
  good: 'they have no special rights',
  run: ({ database, roles }) =>
    attributes(database, 'rolname = any ($1::text[])', 'no policy holds against that', [
      textArray(roles),
    ]),
}

export const roleLoginCheck: Check = {
  name: 'role-login',
  group: GROUP,
  good: 'they are NOLOGIN: the only way in is through the proxy',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `select rolname, pg_catalog.quote_ident(rolname) as name from pg_catalog.pg_roles
       where rolname = any ($1::text[]) and rolcanlogin`,
      [textArray(roles)],
    )
    return rows.map((row) =>
      unsafe(
        `${text(row, 'rolname')} can log in, past the proxy and its tokens`,
        `ALTER ROLE ${text(row, 'name')} NOLOGIN;`,
      ),
    )
  },
}

export const roleMembershipCheck: Check = {
  name: 'role-memberships',
  group: GROUP,
  good: 'they are members of no role that has rights of its own',
  run: async ({ database, roles }) => {
    const rows = await database.query(
      `select m.rolname, pg_catalog.quote_ident(m.rolname) as name, r.rolname as granted,
         pg_catalog.quote_ident(r.rolname) as granted_name
       from pg_catalog.pg_auth_members as a
       join pg_catalog.pg_roles as m on m.oid = a.member
       join pg_catalog.pg_roles as r on r.oid = a.roleid
       where m.rolname = any ($1::text[])
         -- What every user may do, a role that a claim permits may do as well.
         and r.rolname <> $3 and not (r.rolname = $2 and m.rolname <> $3)
       order by 1, 3`,
      [textArray(roles), AUTHENTICATED, ANONYMOUS],
    )
    return rows.map((row) =>
      unsafe(
        `${text(row, 'rolname')} is a member of ${text(row, 'granted')} and may do what that role may`,
        `REVOKE ${text(row, 'granted_name')} FROM ${text(row, 'name')};`,
      ),
    )
  },
}
