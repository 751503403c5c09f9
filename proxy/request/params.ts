/** JSON values as Postgres text, for parameters whose type Postgres infers. */
import { ExactNumber } from './exact-json'

export function encodeParam(value: unknown): string | null {
  if (value === null) return null
  if (typeof value === 'string') return value
  return Array.isArray(value) ? arrayLiteral(value) : scalar(value)
}

/** `{…}`; Neon's proxy escapes strings as JSON and so corrupts control characters, we do not. */
function arrayLiteral(items: readonly unknown[]): string {
  return `{${items.map(element).join(',')}}`
}

function element(value: unknown): string {
  if (value === null) return 'NULL'
  if (Array.isArray(value)) return arrayLiteral(value)
  if (typeof value === 'string') return quote(value)
  return typeof value === 'object' && !(value instanceof ExactNumber)
    ? quote(toJson(value))
    : scalar(value)
}

/** https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

function scalar(value: unknown): string {
  return value instanceof ExactNumber ? value.text : toJson(value)
}

/** JSON.stringify for values whose numbers are kept as text. */
function toJson(value: unknown): string {
  if (value instanceof ExactNumber) return value.text
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}:${toJson(v)}`)
    return `{${members.join(',')}}`
  }
  return JSON.stringify(value)
}
