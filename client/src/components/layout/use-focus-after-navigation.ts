import { useEffect, useRef } from 'react'

/** Number of pages in the browser's history for which the used link is remembered. */
const maxEntries = 50

/** The link with which each page in the browser's history was left, by the key that the router gives to the entry. */
const usedLinks = new Map<string, string>()

let isFirstPage = true

/**
 * Moves the focus to the heading after a navigation, but not on the first page load. On the way back, it moves to the
 * link with which the page was left, so that a keyboard user continues where they were.
 */
export function useFocusAfterNavigation() {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isFirstPage) (usedLink() ?? heading.current)?.focus({ preventScroll: true })
    isFirstPage = false
    // Before the router navigates. The Enter key also clicks a link.
    document.addEventListener('click', keepUsedLink, { capture: true })
    return () => document.removeEventListener('click', keepUsedLink, { capture: true })
  }, [])
  return heading
}

function keepUsedLink({ target }: MouseEvent): void {
  const href = target instanceof Element ? target.closest('#content a[href]')?.getAttribute('href') : undefined
  const key = entryKey()
  if (key === undefined || href === undefined || href === null) return
  usedLinks.delete(key)
  usedLinks.set(key, href)
  for (const oldest of usedLinks.keys()) {
    if (usedLinks.size <= maxEntries) return
    usedLinks.delete(oldest)
  }
}

/** Undefined if the page is new, or does not show the link any more. */
function usedLink(): HTMLElement | undefined {
  const href = usedLinks.get(entryKey() ?? '')
  const links = document.querySelectorAll<HTMLElement>('#content a[href]')
  return href === undefined ? undefined : [...links].find((link) => link.getAttribute('href') === href)
}

function entryKey(): string | undefined {
  const state: unknown = history.state
  const key = typeof state === 'object' && state !== null ? (state as Record<string, unknown>)['__TSR_key'] : undefined
  return typeof key === 'string' ? key : undefined
}
