/** Where drizzle-kit finds the schema, the migrations and, from `.env.local`, the database. */
import { defineConfig } from 'drizzle-kit'
import { loadEnvFile } from './proxy/src/config/env-file'

loadEnvFile()

export default defineConfig({
  dialect: 'postgresql',
  schema: './db/schema/index.ts',
  out: './db/migrations',
  // `generate` needs no database; `migrate` and `studio` say so when they have none.
  dbCredentials: { url: process.env.DATABASE_URL ?? '' },
})
