import type { ReactNode } from 'react'

interface ScrollAreaProps {
  /** Accessible name of the content. */
  readonly label: string
  readonly className: string | undefined
  readonly children: ReactNode
}

/** Content without focusable elements could not be scrolled by keyboard (axe: scrollable-region-focusable). */
const byKeyboard = { tabIndex: 0 } as const

/** A part of a page with its own scrollbar. */
export function ScrollArea({ label, className, children }: ScrollAreaProps) {
  return (
    <div className={className} role="region" aria-label={label} data-scrolls {...byKeyboard}>
      {children}
    </div>
  )
}
