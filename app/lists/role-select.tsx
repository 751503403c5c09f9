'use client'

import { Select } from '@/app/components/ui/select'
import type { InvitedRole } from '@/db/schema/list-members'
import { GIVEN_ROLES, roleNames } from './role'

type Props = {
  label: string
  value: InvitedRole
  disabled?: boolean
  onChange: (role: InvitedRole) => void
}

export function RoleSelect({ label, value, disabled, onChange }: Props) {
  return (
    <Select
      aria-label={label}
      value={value}
      disabled={disabled}
      onChange={({ target }) => {
        const role = GIVEN_ROLES.find((one) => one === target.value)
        if (role !== undefined) onChange(role)
      }}
    >
      {GIVEN_ROLES.map((role) => (
        <option key={role} value={role}>
          {roleNames[role]}
        </option>
      ))}
    </Select>
  )
}
