import type { ReactNode } from 'react'

interface EmptyStateProps {
  readonly title: string
  /** Why there is nothing, and what to do about it. */
  readonly children: ReactNode
}

export function EmptyState({ title, children }: EmptyStateProps) {
  return (
    <div className="card state">
      <h2 className="state__title">{title}</h2>
      <div className="state__text">{children}</div>
    </div>
  )
}
