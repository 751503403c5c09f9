/** Runs the files of proxy/sql that a database does not have as they are now, all of them or none. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Client } from 'pg'
import { z } from 'zod'

type SqlFile = { readonly name: string; readonly text: string; readonly digest: string }

const FOLDER = fileURLToPath(new URL('../sql/', import.meta.url))

/** What a note in the database says nothing about: roles are the server's, and a stranger may have written it. */
const EVERY_TIME: readonly string[] = ['01_roles.sql', '02_owners.sql']

const NOTED = z.array(z.object({ name: z.string(), digest: z.string() }))

/** @returns the names of the files that were not installed as they are now */
export async function installFiles(client: Pick<Client, 'query'>): Promise<readonly string[]> {
  const files = sqlFiles()
  await client.query('begin')
  try {
    // Names in bodies that are bound when a function is made are Postgres' own, whatever the owner's path.
    await client.query('set local search_path = pg_catalog, pg_temp')
    const noted = await installedDigests(client)
    const missing = files.filter(({ name, digest }) => noted.get(name) !== digest)
    for (const file of files) {
      const isDue = missing.includes(file) || EVERY_TIME.includes(file.name)
      if (isDue) await client.query(file.text)
    }
    if (missing.length > 0) await note(client, files)
    await client.query('commit')
    return missing.map(({ name }) => name)
  } catch (error) {
    // Where the connection is lost, Postgres rolls back by itself, and the first error says why.
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

/** In the order of their numbers, for each builds on those before it. */
function sqlFiles(): readonly SqlFile[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const text = readFileSync(`${FOLDER}${name}`, 'utf8')
      return { name, text, digest: createHash('sha256').update(text).digest('hex') }
    })
}

async function installedDigests(client: Pick<Client, 'query'>): Promise<Map<string, string>> {
  const { rowCount } = await client.query(
    `select where to_regclass('private.installed_files') is not null`,
  )
  if (rowCount === 0) return new Map()
  // A second installation waits here, and then finds what the first has done.
  await client.query('lock table private.installed_files in share row exclusive mode')
  const { rows } = await client.query('select name, digest from private.installed_files')
  return new Map(NOTED.parse(rows).map(({ name, digest }) => [name, digest]))
}

async function note(client: Pick<Client, 'query'>, files: readonly SqlFile[]): Promise<void> {
  const names = files.map(({ name }) => name)
  await client.query('delete from private.installed_files where name <> all ($1)', [names])
  await client.query(
    `insert into private.installed_files as installed (name, digest)
     select * from unnest($1::text[], $2::text[])
     on conflict (name) do update set digest = excluded.digest, installed_at = now()
     where installed.digest <> excluded.digest`,
    [names, files.map(({ digest }) => digest)],
  )
}
