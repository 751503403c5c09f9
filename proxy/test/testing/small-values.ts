/** Values of each type, as text, with the largest size for a pattern of the given units. */

/** @param units bytes or list elements, depending on the type */
export function smallValue(type: string, units: number): string {
  const list = (item: (i: number) => string, n = units - 1) =>
    Array.from({ length: Math.max(1, n) }, (_, i) => item(i + 1)).join()
  if (type === 'text[]') return `{${list((i) => `-${i}x`)}}`
  if (type === 'public.pair[]') return `{"(b,1)"}`
  if (type === 'public.level[]') return '{high}'
  if (type === 'json[]' || type === 'jsonb[]') return `{${list((i) => `-${i}`)}}`
  if (/^(?:int|numeric|float)\d?\[\]$/.test(type)) return `{${list((i) => `-${i % 30000}`)}}`
  if (type.endsWith('[]')) return '{}'
  if (type === 'jsonb' || type === 'json') {
    return `[${list((i) => `[-${i}]`, Math.floor((units - 2) / 2))}]`
  }
  if (type === 'int4multirange') {
    return `{${list((i) => `[-${2 * i},-${2 * i - 1})`, Math.floor((units - 2) / 3))}}`
  }
  if (type.endsWith('multirange')) return '{}'
  if (type.endsWith('range')) return 'empty'
  if (type === 'jsonpath') return `$${'.**'.repeat(Math.floor((units - 1) / 3))}`
  if (['text', 'varchar', 'bpchar', 'bytea'].includes(type)) return `b${'a'.repeat(units - 1)}`
  return OTHERS[type] ?? '1'
}

const OTHERS: Readonly<Record<string, string>> = {
  bool: 'true',
  date: '2024-01-01',
  time: '12:00',
  timetz: '12:00+00',
  timestamp: '2024-01-01',
  timestamptz: '2024-01-01Z',
  interval: '1 day',
  uuid: '00000000-0000-4000-8000-000000000000',
  inet: '::1',
  cidr: '::1',
  macaddr: '11:22:33:44:55:66',
  macaddr8: '11:22:33:44:55:66:77:88',
  tsquery: 'a',
  tsvector: 'a',
  'public.level': 'low',
  'public.pair': '(b,1)',
}
