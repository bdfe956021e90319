/** As `ref` of what takes the place of something that had the focus: the keyboard goes on from there. */
export function focusWhenShown(element: HTMLElement | null): void {
  element?.focus()
}
