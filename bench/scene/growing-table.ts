/** A table of todos that grows to millions of rows, 100 for each user, with a copy under another policy. */
import { Client } from 'pg'

/** As drizzle-orm/neon's authUid writes it: Postgres evaluates it for each row. */
const PER_ROW_POLICY = '(select auth.user_id() = user_id)'

export const PER_ROW_TABLE = 'todos_per_row'

/** A role whose policy is the same, and takes the user's id from a setting without a seal. */
export const TRUSTING_ROLE = 'trusting'
export const TODOS_OF_EACH = 100

/** On disk, with both indexes and the space that building them takes. */
export const BYTES_PER_ROW = 450

export async function growTo(owner: Client, from: number, to: number): Promise<void> {
  // Indexes come last, which is many times faster. Unlogged, because these rows need not survive.
  await owner.query(`
    set maintenance_work_mem = '512MB';
    alter table todos drop constraint if exists todos_pkey cascade;
    drop index if exists todos_of_user, todos_of_list;
    ${from === 0 ? 'alter table todos set unlogged;' : ''}`)
  // Users take turns, so that a user's rows lie as far apart as after months of use.
  await owner.query(
    `insert into todos (user_id, task, inserted_at)
       select 'user_' || $1 / ${TODOS_OF_EACH} + i % (($2 - $1) / ${TODOS_OF_EACH}), 'Task ' || i,
         now() - ($2 - $1 - i) * interval '1 second'
       from generate_series(0, $2::int - $1::int - 1) as i`,
    [from, to],
  )
  await owner.query(`
    alter table todos add primary key (id);
    create index todos_of_user on todos (user_id, position, id);
    create index todos_of_list on todos (list_id, position, id);`)
  await owner.query('vacuum analyze todos')
}

/** Only for measuring: every user may change a setting, and so become any other user. */
export async function addTrustingRole(owner: Client): Promise<void> {
  await owner.query(`
    drop role if exists ${TRUSTING_ROLE};
    create role ${TRUSTING_ROLE} nologin;
    grant ${TRUSTING_ROLE} to authenticator;
    grant select on todos to ${TRUSTING_ROLE};
    create policy "whoever they say they are" on todos for select to ${TRUSTING_ROLE}
      using ((select current_setting('auth.session_token')) = user_id);`)
}

/** Rows, indexes and rights as the original has them; only the policy differs. */
export async function copyPerRow(owner: Client): Promise<void> {
  await owner.query(`
    drop table if exists ${PER_ROW_TABLE};
    create unlogged table ${PER_ROW_TABLE} (like todos including all);
    insert into ${PER_ROW_TABLE} select * from todos;
    alter table ${PER_ROW_TABLE} enable row level security;
    create policy "per row" on ${PER_ROW_TABLE} for select to authenticated using (${PER_ROW_POLICY});
    grant select on ${PER_ROW_TABLE} to authenticated;
    -- Without statistics of values, as the original.
    select private.harden();`)
  await owner.query(`vacuum analyze ${PER_ROW_TABLE}`)
}
