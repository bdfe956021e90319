import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { noFigure, type PathsSearch } from '../analysis-search.ts'

interface FigureLinkProps {
  readonly figure: PathsSearch
  readonly label: string
  readonly children: ReactNode
}

/** Shows the orders behind a figure, on the same page. */
export function FigureLink({ figure, label, children }: FigureLinkProps) {
  return (
    <Link
      from="/analysis/paths"
      to="/analysis/paths"
      search={(previous) => ({ ...previous, ...noFigure, ...figure })}
      hash="path-orders"
      aria-label={label}
    >
      {children}
    </Link>
  )
}
