/** Where drizzle-kit finds the schema, the migrations and, from `.env.local`, the database. */
import { config } from 'dotenv'
import { defineConfig } from 'drizzle-kit'

config({ path: '.env.local', quiet: true })

export default defineConfig({
  dialect: 'postgresql',
  schema: './db/schema/index.ts',
  out: './db/migrations',
  // `generate` needs no database; `migrate` and `studio` say so when they have none.
  dbCredentials: { url: process.env.DATABASE_URL ?? '' },
})
