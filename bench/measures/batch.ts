/** `batch`: the share of Postgres' own throughput that is left behind the proxy, and behind its peers. */
import type { Measurement } from '../bench'
import { batch as workload } from '../workloads'
import { compare } from './compare'

export const batch: Measurement = (bench) =>
  compare(bench, {
    title: 'A batch of three',
    what: 'Three statements in one transaction: complete a todo, list all, list those that are done.',
    workload,
  })
