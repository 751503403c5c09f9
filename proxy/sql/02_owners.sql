-- The owner of a schema can replace everything in it, including the keys and the list of what is installed.
-- So the installation stops here, before it calls anything, if a stranger owns a schema with one of the
-- proxy's names. This file runs at every installation.
do $$
declare
  taken text;
begin
  select format('the schema %I belongs to %I, who could replace what the proxy relies on', n.nspname, r.rolname)
  into taken
  from pg_catalog.pg_namespace as n
  join pg_catalog.pg_roles as r on r.oid = n.nspowner
  join pg_catalog.pg_database as d on d.datname = current_database()
  where n.nspname in ('private', 'auth', 'proxy_check', 'proxy_state')
    and not r.rolsuper
    and not pg_has_role(r.oid, d.datdba, 'member')
    -- A superuser has every role, so membership proves nothing here.
    and (current_setting('is_superuser')::boolean or not pg_has_role(r.oid, 'usage'))
  limit 1;
  if taken is not null then
    raise insufficient_privilege using message = taken;
  end if;
end
$$;
