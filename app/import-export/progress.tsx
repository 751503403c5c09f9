import { Button } from '@/app/components/ui/button'

type Props = {
  label: string
  done: number
  /** Unknown for a list that is still being read. */ of?: number
  onCancel: () => void
}

export function Progress({ label, done, of, onCancel }: Props) {
  const total = of === undefined ? '' : ` of ${of.toLocaleString('en')}`
  return (
    <div className="grid gap-3">
      <p role="status" className="text-sm tabular-nums">
        {label}: {done.toLocaleString('en')}
        {total}
      </p>
      <progress
        aria-label={label}
        className="h-2 w-full accent-primary"
        {...(of === undefined ? {} : { value: done, max: of })}
      />
      <Button variant="outline" className="justify-self-start" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  )
}
