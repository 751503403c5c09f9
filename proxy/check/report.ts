/** What the checks found, as lines for people: ✔ right, ! could be better, ✘ unsafe. */
import type { Outcome } from './run'

export type Report = { readonly lines: readonly string[]; readonly isSafe: boolean }

/** @param accepted names of checks whose findings are known and meant */
export function report(outcomes: readonly Outcome[], accepted: ReadonlySet<string>): Report {
  const lines: string[] = []
  const counts = { right: 0, weak: 0, unsafe: 0 }
  let group = ''
  for (const outcome of outcomes) {
    if (outcome.group !== group) {
      group = outcome.group
      lines.push(...(lines.length > 0 ? [''] : []), group)
    }
    if (outcome.findings.length === 0) {
      counts.right++
      lines.push(`  ✔ ${outcome.good}`)
    }
    for (const { level, what, fix } of outcome.findings) {
      const isUnsafe = level === 'unsafe' && !accepted.has(outcome.name)
      counts[isUnsafe ? 'unsafe' : 'weak']++
      const note = level === 'unsafe' && !isUnsafe ? ' (accepted)' : ''
      lines.push(`  ${isUnsafe ? '✘' : '!'} ${what}${note} [${outcome.name}]`, `      ${fix}`)
    }
  }
  const { right, weak, unsafe } = counts
  lines.push('', `${right} right, ${weak} to look at, ${unsafe} unsafe`)
  return { lines, isSafe: unsafe === 0 }
}
