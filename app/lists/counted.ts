/** A number with its noun: `counted(1, 'todo')` is “1 todo”. */
export const counted = (count: number, noun: string) =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
