import type { ReactNode } from 'react'

interface ScrollAreaProps {
  /** What it holds, for those who do not see it. */
  readonly label: string
  readonly className: string | undefined
  readonly children: ReactNode
}

/** What it holds may take no focus: nobody could scroll it with the keyboard then (axe: scrollable-region-focusable). */
const byKeyboard = { tabIndex: 0 } as const

/** A part of a page that scrolls by itself. */
export function ScrollArea({ label, className, children }: ScrollAreaProps) {
  return (
    <div className={className} role="region" aria-label={label} data-scrolls {...byKeyboard}>
      {children}
    </div>
  )
}
