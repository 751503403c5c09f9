/** Closes the drawer around an element, if it is in one: its links do so by themselves. */
export function closeDrawer(element: Element | null): void {
  element?.closest<HTMLElement>('[popover]')?.hidePopover()
}
