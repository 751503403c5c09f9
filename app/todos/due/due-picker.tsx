'use client'
/** A calendar and a time. Loaded when it is first opened. */

import { DayPicker } from 'react-day-picker'
import { Input } from '@/app/components/ui/input'
import { fullDay, localDay, noonOf, type Due } from './due'

type Props = { due: Due | null; onChange: (due: Due | null) => void }

const day =
  'grid size-11 cursor-pointer place-content-center rounded-full hover:bg-accent aria-disabled:opacity-50'

const classNames = {
  root: 'relative w-fit',
  month_caption: 'flex h-11 items-center px-3 font-medium',
  nav: 'absolute top-0 right-0 flex',
  button_previous: day,
  button_next: day,
  chevron: 'size-4 fill-current',
  month_grid: 'border-collapse',
  weekday: 'size-11 text-sm font-normal text-muted-foreground',
  day: 'p-0 text-center',
  day_button: day,
  today: 'font-bold text-primary underline underline-offset-4',
  selected: '[&>button]:bg-primary [&>button]:text-primary-foreground [&>button]:no-underline',
  outside: 'text-muted-foreground',
}

/** With the number that the button shows, so that it can be said as it is read: not “1st”. */
function nameOf(date: Date, { today, selected }: { today?: boolean; selected?: boolean }): string {
  const words = [today && 'Today', fullDay(localDay(date)), selected && 'selected']
  return words.filter(Boolean).join(', ')
}

export default function DuePicker({ due, onChange }: Props) {
  return (
    <div className="grid gap-3">
      <DayPicker
        mode="single"
        showOutsideDays
        classNames={classNames}
        labels={{ labelDayButton: nameOf }}
        selected={due ? noonOf(due.day) : undefined}
        {...(due ? { defaultMonth: noonOf(due.day) } : {})}
        onSelect={(date) => {
          onChange(date ? { day: localDay(date), time: due?.time ?? null } : null)
        }}
      />
      <label className="grid gap-1.5 text-sm font-medium">
        Time
        <Input
          type="time"
          className="w-40"
          value={due?.time ?? ''}
          onChange={({ target }) => {
            const time = target.value === '' ? null : target.value
            onChange({ day: due?.day ?? localDay(new Date()), time })
          }}
        />
      </label>
    </div>
  )
}
