import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import card from './card.module.css'

interface EmptyStateProps {
  readonly title: string
  /** Explains why the list is empty and what to do about it. */
  readonly children: ReactNode
  /** Whether it is already inside a card. */
  readonly isInCard?: boolean
}

export function EmptyState({ title, children, isInCard = false }: EmptyStateProps) {
  return (
    <div className={clsx(!isInCard && card['card'], card['state'])}>
      <h2 className={card['stateTitle']}>{title}</h2>
      <div className={card['stateText']}>{children}</div>
    </div>
  )
}
