'use client'

import { useId, type ComponentProps } from 'react'
import { Button } from '@/app/components/ui/button'
import { Select } from '@/app/components/ui/select'
import { Textarea } from '@/app/components/ui/textarea'
import { TAMPERS } from '../service/api'
import type { FieldProblems } from './order'
import { CLOCKS, type Fields } from './presets'

type Props = {
  fields: Fields
  problems: FieldProblems
  isReady: boolean
  onChange: (fields: Fields) => void
  onSend: () => void
}

/** What is changed about a token before it is signed, and afterwards. */
export function TokenForm({ fields, problems, isReady, onChange, onSend }: Props) {
  const clock = useId()
  const tamper = useId()
  return (
    <form
      aria-label="Your token"
      className="grid grid-cols-1 gap-4 rounded-xl border bg-card p-4 shadow-sm lg:col-start-1 lg:row-start-1"
      onSubmit={(event) => {
        event.preventDefault()
        onSend()
      }}
    >
      <JsonField
        label="Claims to change"
        value={fields.claims}
        problem={problems.claims}
        onChange={({ target }) => {
          onChange({ ...fields, claims: target.value })
        }}
      />
      <JsonField
        label="Header to change"
        value={fields.header}
        problem={problems.header}
        onChange={({ target }) => {
          onChange({ ...fields, header: target.value })
        }}
      />
      <p className="text-sm text-muted-foreground">
        <code className="font-mono">null</code> takes a member away.
      </p>
      <div className="grid gap-1">
        <label htmlFor={clock} className="text-sm font-medium">
          The issuer’s clock is
        </label>
        <Select
          id={clock}
          className="w-full"
          value={fields.clock}
          onChange={({ target }) => {
            onChange({ ...fields, clock: Number(target.value) })
          }}
        >
          {CLOCKS.map(({ seconds, label }) => (
            <option key={seconds} value={seconds}>
              {label}
            </option>
          ))}
        </Select>
      </div>
      <div className="grid gap-1">
        <label htmlFor={tamper} className="text-sm font-medium">
          And then
        </label>
        <Select
          id={tamper}
          className="w-full"
          value={fields.tamper ?? ''}
          onChange={({ target }) => {
            const chosen = TAMPERS.find((each) => each === target.value) ?? null
            onChange({ ...fields, tamper: chosen })
          }}
        >
          <option value="">sign it as usual</option>
          {TAMPERS.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Select>
      </div>
      <Button type="submit" disabled={!isReady} className="justify-self-start">
        Make it and send it
      </Button>
    </form>
  )
}

type FieldProps = {
  label: string
  value: string
  problem: string | undefined
  onChange: NonNullable<ComponentProps<'textarea'>['onChange']>
}

function JsonField({ label, value, problem, onChange }: FieldProps) {
  const id = useId()
  const problemId = useId()
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <Textarea
        {...{ id, value, onChange }}
        spellCheck={false}
        autoCapitalize="off"
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : problemId}
        className="min-h-11 font-mono sm:text-sm"
      />
      {problem !== undefined && (
        <p id={problemId} role="alert" className="text-sm text-destructive">
          {problem}
        </p>
      )}
    </div>
  )
}
