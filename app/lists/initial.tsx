/** A member's first letter, in a circle: a picture of people that costs no request. */
export function Initial({ name }: { name: string }) {
  return (
    <span
      aria-hidden
      className="grid size-9 shrink-0 place-content-center rounded-full bg-secondary text-sm font-medium text-secondary-foreground"
    >
      {Array.from(name.trim())[0]?.toLocaleUpperCase() ?? '?'}
    </span>
  )
}
