/** Every browser on a Mac has "Mac" in its user agent, and no browser on another system has. */
const isMac = /Mac/.test(navigator.userAgent)

/** Labels of keys on the user's keyboard. */
const labels: Readonly<Record<string, string>> = { Escape: 'Esc', Mod: isMac ? '⌘' : 'Ctrl' }

/** Labels of the keys of a shortcut, whether pressed one after the other or together. */
export function keyLabels(keys: string): readonly string[] {
  return keys.split(/[ +]/).map((key) => labels[key] ?? key.toUpperCase())
}

const typing = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]'
/** Floating elements have shortcuts of their own. */
const floating = 'dialog, [role="dialog"], [role="menu"], [role="listbox"]'
/** Enter activates these elements. */
const pressed = 'a, button, summary'

/** The shortcut key of an event. Undefined: the focused element or the browser handles the event. */
export function shortcutKey(event: KeyboardEvent): string | undefined {
  const { key, target, altKey, shiftKey, defaultPrevented, isComposing } = event
  if (defaultPrevented || isComposing || altKey) return undefined
  const isIn = (selector: string): boolean => target instanceof Element && target.closest(selector) !== null
  const [isModHeld, isOtherHeld] = isMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey]
  if (isOtherHeld) return undefined
  if (isModHeld) return shiftKey || isIn('dialog') ? undefined : `Mod+${key.toLowerCase()}`
  if (isIn(`${typing}, ${floating}`) || (key === 'Enter' && isIn(pressed))) return undefined
  return key.length === 1 ? key.toLowerCase() : key
}

/** Whether a shortcut needs no modifier key, so that it can be triggered by accident (WCAG 2.1.4). */
export function isCharacterShortcut(keys: string): boolean {
  return keys.split(' ').every((key) => key.length === 1)
}
