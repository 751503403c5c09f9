/** Every measurement, by its name on the command line. */
import type { Measurement } from '../bench'
import { app } from './app'
import { batch } from './batch'
import { floods } from './floods'
import { list } from './list'
import { live } from './live'
import { memory } from './memory'
import { profile } from './profile'
import { rls } from './rls'
import { rows } from './rows'
import { sharing } from './sharing'
import { start } from './start'
import { steps } from './steps'
import { workers } from './workers'
import { write } from './write'

export const measurements: Readonly<Record<string, Measurement>> = {
  list,
  write,
  batch,
  rows,
  workers,
  rls,
  sharing,
  memory,
  live,
  floods,
  start,
  app,
  steps,
  profile,
}
