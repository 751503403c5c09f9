/** `write`: the share of Postgres' own throughput that is left behind the proxy, and behind its peers. */
import type { Measurement } from '../bench'
import { write as workload } from '../workloads'
import { compare } from './compare'

export const write: Measurement = (bench) =>
  compare(bench, {
    title: 'An added todo',
    what: 'One statement inserts a todo and returns it.',
    workload,
  })
