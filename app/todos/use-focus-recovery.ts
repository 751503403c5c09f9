/** Keeps a keyboard's place when the focused thing goes away: a deleted todo, a closed editor. */
import { useEffect, useRef, type FocusEvent } from 'react'

type Place = { element: Element; item: number; control: string | undefined; isKeyboard: boolean }

/**
 * Returns handlers for the element around the list. When a focused control vanishes, the focus
 * goes to the control with the same `data-control` of the todo that now stands in its place, else
 * of the one before. Where no todo is left it goes to `[data-fallback-focus]`, but only for who
 * uses a keyboard: on a phone, a focused text box would open the on-screen keyboard.
 */
export function useFocusRecovery() {
  const place = useRef<Place | null>(null)
  const root = useRef<HTMLElement>(null)

  useEffect(() => {
    // After every commit: React dispatches no blur event for an element that it removes.
    if (!place.current || place.current.element.isConnected || !root.current) return
    const { item, control, isKeyboard } = place.current
    place.current = null
    const neighbours = control
      ? root.current.querySelectorAll<HTMLElement>(`li [data-control="${control}"]`)
      : []
    const next = neighbours[Math.min(item, neighbours.length - 1)]
    if (next) next.focus()
    else if (isKeyboard) root.current.querySelector<HTMLElement>('[data-fallback-focus]')?.focus()
  })

  return {
    ref: root,
    onFocus: ({ target }: FocusEvent<HTMLElement>) => {
      const item = target.closest('li')
      place.current = {
        element: target,
        item: item ? Array.from(item.parentElement?.children ?? []).indexOf(item) : 0,
        control: target.dataset.control,
        isKeyboard: target.matches(':focus-visible'),
      }
    },
    onBlur: () => {
      place.current = null
    },
  }
}
