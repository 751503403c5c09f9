/** Formats the findings for people: ✔ right, ! could be better, ✘ unsafe. */
import type { Outcome } from './check'

export type Report = { readonly lines: readonly string[]; readonly isSafe: boolean }

/** @param accepted intended findings: names of checks, or a check and an object (`rls:public.t`) */
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
    for (const { level, what, fix, about } of outcome.findings) {
      const id = about === undefined ? outcome.name : `${outcome.name}:${about}`
      const isUnsafe = level === 'unsafe' && !accepted.has(outcome.name) && !accepted.has(id)
      counts[isUnsafe ? 'unsafe' : 'weak']++
      const note = level === 'unsafe' && !isUnsafe ? ' (accepted)' : ''
      lines.push(`  ${isUnsafe ? '✘' : '!'} ${what}${note} [${id}]`, `      ${fix}`)
    }
  }
  const { right, weak, unsafe } = counts
  if (weak + unsafe > 0)
    lines.push('', 'docs/checks.md has a section for each [name]: why it matters.')
  lines.push('', `${right} right, ${weak} to look at, ${unsafe} unsafe`)
  return { lines, isSafe: unsafe === 0 }
}
