/** Joins class names, without those whose condition is not met. */
export function cn(...classes: (string | false | undefined)[]): string {
  return classes.filter(Boolean).join(' ')
}
