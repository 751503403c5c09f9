/** Sections as Markdown. */
import type { Goal, Section, Table } from './section'

export function sectionMarkdown({
  title,
  method,
  tables,
  notes = [],
  goals = [],
}: Section): string {
  const goalTables = goals.length > 0 ? [goalTable(goals)] : []
  return [
    `## ${title}`,
    ...method,
    ...[...tables, ...goalTables].map(tableMarkdown),
    ...notes,
  ].join('\n\n')
}

export function goalTable(goals: readonly Goal[]): Table {
  return {
    head: ['goal', 'wanted', 'found', ''],
    rows: goals.map(({ what, wanted, found, isReached }) => [
      what,
      wanted,
      found,
      isReached ? '✔' : '✘',
    ]),
  }
}

export function tableMarkdown({ head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
