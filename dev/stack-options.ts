/** What the parts of the local stack are started with, and how each is stopped. */
import type { StackEnv } from './env'

export type StackOptions = {
  env: StackEnv
  /** Where the stand-ins keep their data, and programs their logs. */
  dataDir: string
  /** Where `next build` puts its output. */
  distDir: string
  /** Next's dev server, which reloads what is edited, in place of a build. */
  watch: boolean
  /** Empty the database first. */
  reset: boolean
}

export type Stop = () => Promise<void>
