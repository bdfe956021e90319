/** It says so in every browser, and in no other of its words. */
const isMac = /Mac/.test(navigator.userAgent)

/** As somebody reads it on their keyboard. */
const labels: Readonly<Record<string, string>> = { Escape: 'Esc', Mod: isMac ? '⌘' : 'Ctrl' }

/** What stands on the keys of a shortcut, one after the other or held together. */
export function keyLabels(keys: string): readonly string[] {
  return keys.split(/[ +]/).map((key) => labels[key] ?? key.toUpperCase())
}

const typing = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]'
/** What floats above a page has keys of its own. */
const floating = 'dialog, [role="dialog"], [role="menu"], [role="listbox"]'
/** Enter has a meaning of its own on them. */
const pressed = 'a, button, summary'

/** The key of a shortcut that an event stands for; undefined: it belongs to what has the focus, or to the browser. */
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

/** Whether a shortcut is pressed without any other key held, so that a slip of the finger sets it off (WCAG 2.1.4). */
export function isCharacterShortcut(keys: string): boolean {
  return keys.split(' ').every((key) => key.length === 1)
}
