/** Bar charts as one picture that is readable on a light and on a dark page. */
import { whole, digits } from './format'
import type { Bar, Chart } from './section'

const WIDTH = 840
const LABEL_WIDTH = 300
const VALUE_WIDTH = 130
const BAR_HEIGHT = 22
const ROW_HEIGHT = 32
const TITLE_HEIGHT = 46
const GAP = 28
const MARGIN = 24

/** Colours by their job; a page in the dark takes the second set. */
const STYLE = `
    text { font: 14px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328 }
    .title { font-weight: 600; font-size: 15px }
    .unit, .value { fill: #59636e; font-variant-numeric: tabular-nums }
    .ours { font-weight: 600; fill: #1f2328 }
    .track { fill: #818b981f }
    .bar { fill: #9aa4af }
    .accent { fill: #0969da }
    @media (prefers-color-scheme: dark) {
      text, .ours { fill: #f0f6fc }
      .unit, .value { fill: #9198a1 }
      .bar { fill: #656c76 }
      .accent { fill: #4493f8 }
    }
  `

export function svg(charts: readonly Chart[], caption: string): string {
  let y = MARGIN
  const parts = charts.map((chart) => {
    const part = chartSvg(chart, y)
    y += heightOf(chart) + GAP
    return part
  })
  const height = y + 20
  const title = charts.map((chart) => chart.title).join('; ')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
  <title>${escape(title)}</title>
  <style>${STYLE}</style>
${parts.join('\n')}
  <text class="unit" x="${MARGIN}" y="${y}">${escape(caption)}</text>
</svg>
`
}

function heightOf({ bars }: Chart): number {
  return TITLE_HEIGHT + bars.length * ROW_HEIGHT
}

function chartSvg({ title, unit, bars }: Chart, top: number): string {
  const most = Math.max(...bars.map(({ value }) => value))
  return `  <g>
    <text x="${MARGIN}" y="${top + 16}"><tspan class="title">${escape(title)}</tspan> <tspan class="unit" dx="6">${escape(unit)}</tspan></text>
${bars.map((bar, i) => barSvg(bar, top + TITLE_HEIGHT - 12 + i * ROW_HEIGHT, most)).join('\n')}
  </g>`
}

function barSvg({ label, value, isOurs = false }: Bar, y: number, most: number): string {
  const full = WIDTH - 2 * MARGIN - LABEL_WIDTH - VALUE_WIDTH
  const length = Math.max(2, (value / most) * full)
  const x = MARGIN + LABEL_WIDTH
  const baseline = y + BAR_HEIGHT / 2 + 5
  const rect = (width: number, kind: string) =>
    `<rect class="${kind}" x="${x}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="4"/>`
  return `    <text class="${isOurs ? 'ours' : ''}" x="${x - 12}" y="${baseline}" text-anchor="end">${escape(label)}</text>
    ${rect(full, 'track')}${rect(length, isOurs ? 'accent' : 'bar')}
    <text class="value${isOurs ? ' ours' : ''}" x="${x + full + 12}" y="${baseline}">${value >= 100 ? whole(value) : digits(value)}</text>`
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)
}
