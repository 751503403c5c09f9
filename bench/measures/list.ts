/** `list`: the share of Postgres' own throughput that is left behind the proxy, and behind its peers. */
import type { Measurement } from '../bench'
import { list as workload } from '../workloads'
import { compare } from './compare'

export const list: Measurement = (bench) =>
  compare(bench, {
    title: 'A list of 20 todos',
    what: 'One statement reads one user’s todos, and its policy finds them.',
    workload,
  })
