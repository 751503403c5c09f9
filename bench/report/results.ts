/** Writes the results of a run: results.md, which describes the machine, and results.svg. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { goalTable, sectionMarkdown, tableMarkdown } from './markdown'
import type { Section } from './section'
import { svg } from './svg'

export type Results = {
  /** Lines about the machine and its programs. */
  readonly machine: readonly string[]
  readonly sections: readonly Section[]
  /** The names of measurements that failed. */
  readonly broken: readonly string[]
}

const FOLDER = 'bench'

export async function writeResults(results: Results): Promise<void> {
  const { machine, sections, broken } = results
  const date = new Date().toISOString().slice(0, 10)
  const goals = sections.flatMap((section) => section.goals ?? [])
  const text = [
    '# Results',
    `Measured on ${date} by \`npm run bench\`, which writes this file. Figures are medians, with the least and the most in brackets. The ratios are what counts: they were measured side by side, and another machine has other figures.`,
    ...(broken.length > 0 ? [`**Missing, because it failed: ${broken.join(', ')}.**`] : []),
    '![The same as bars](results.svg)',
    machine.map((line) => `- ${line}`).join('\n'),
    '## Goals',
    tableMarkdown(goalTable(goals)),
    ...sections.map(sectionMarkdown),
  ].join('\n\n')
  const file = join(FOLDER, 'results.md')
  const style = await resolveConfig(file)
  writeFileSync(file, await format(text, { ...style, parser: 'markdown' }))
  const charts = sections.flatMap((section) => section.charts ?? [])
  writeFileSync(join(FOLDER, 'results.svg'), svg(charts, `${date}, ${machine[0] ?? ''}`))
}
