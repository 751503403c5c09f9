/** Keeps the keyboard focus in place when the focused element disappears: a deleted todo, a closed editor. */
import { useCallback, useRef, type FocusEvent } from 'react'

type Place = { element: Element; item: number; control: string | undefined; isKeyboard: boolean }

/**
 * Returns props for the element around the list. When a focused control disappears, the focus moves to the
 * control with the same `data-control` of the todo now in its place, else of the previous one. Without any
 * todo it moves to `[data-fallback-focus]`, but only for keyboard users: on a phone, a focused text box would
 * open the on-screen keyboard.
 */
export function useFocusRecovery() {
  const place = useRef<Place | null>(null)

  // The element comes later than the component where the list has to be loaded first.
  const observe = useCallback((root: HTMLElement) => {
    // React dispatches no blur event for an element that it removes, so this observes the DOM.
    const observer = new MutationObserver(() => {
      if (!place.current || place.current.element.isConnected) return
      const successor = findSuccessor(root, place.current)
      place.current = null
      successor?.focus()
    })
    observer.observe(root, { childList: true, subtree: true })
    return () => {
      observer.disconnect()
    }
  }, [])

  return {
    ref: observe,
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

function findSuccessor(root: HTMLElement, { item, control, isKeyboard }: Place) {
  const candidates = control
    ? root.querySelectorAll<HTMLElement>(`:is(li, li *)[data-control="${control}"]`)
    : []
  const fallback = isKeyboard ? root.querySelector<HTMLElement>('[data-fallback-focus]') : null
  return candidates[Math.min(item, candidates.length - 1)] ?? fallback
}
