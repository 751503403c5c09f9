/**
 * Buttons that work before JavaScript has loaded, and without it: they submit one form of the page, and their
 * value is the change. Once the page is live, their `onClick` makes the same change without a request of the form.
 */
import type { MouseEvent } from 'react'
import type { Change } from './change'

/** The form's id. A list has one form for all of its buttons, so that a row stays small. */
export const CHANGE_FORM = 'change'

/** @param make makes the change once the page is live */
export function formButton(change: Change, make: (change: Change) => void) {
  return {
    type: 'submit',
    form: CHANGE_FORM,
    name: 'change',
    value: JSON.stringify(change),
    onClick: (event: MouseEvent) => {
      event.preventDefault()
      make(change)
    },
  } as const
}
