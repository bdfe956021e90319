import { useEffect, useRef } from 'react'

const typing = 'input, textarea, select, [contenteditable], dialog, [role="dialog"], [role="listbox"]'
/** Enter has a meaning of its own on them. */
const pressed = 'a, button, summary'

/** Single keys, by their name, while nobody types and no other key is held. */
export function useShortcuts(actions: Readonly<Record<string, () => void>>): void {
  const current = useRef(actions)
  useEffect(() => {
    current.current = actions
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      const { target } = event
      if (target instanceof Element && target.closest(typing) !== null) return
      if (event.key === 'Enter' && target instanceof Element && target.closest(pressed) !== null) return
      const action = current.current[event.key.length === 1 ? event.key.toLowerCase() : event.key]
      if (action === undefined) return
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}
