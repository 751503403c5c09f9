/** Reads todos from pasted lines: bullets, numbers and checkboxes of other apps are not part of the text. */

export type PastedTodo = { task: string; isComplete: boolean }

const bullet = /^(?:[-*+•‣◦▪–—]|\d{1,3}[.)])\s+/
const checkbox = /^(?:\[([ xX✓✔]?)\]|([☐☑☒✅✓✔]))\s*/

export function todosFromLines(text: string): PastedTodo[] {
  return text
    .split(/\r\n|\r|\n|\u2028|\u2029/)
    .map(readLine)
    .filter(({ task }) => task !== '')
}

function readLine(line: string): PastedTodo {
  const withoutBullet = line.trim().replace(bullet, '')
  const box = checkbox.exec(withoutBullet)
  const mark = box?.[1] ?? box?.[2] ?? ''
  return {
    task: withoutBullet.slice(box?.[0].length ?? 0).trim(),
    isComplete: mark.trim() !== '' && mark !== '☐',
  }
}
