import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMe } from '../../../api/session.ts'
import { filterSearch, type Filters } from '../../../components/filters/filter-search.ts'
import { noVisits, type VisitsSearch } from '../analysis-search.ts'

interface VisitsLinkProps {
  /** Filter of the visits, in addition to the filters of the page. */
  readonly visits: VisitsSearch & Filters
  readonly label: string
  /** Their number. */
  readonly children: ReactNode
}

/** Links a number of visits to their list. Without the right to see orders, only the number is shown. */
export function VisitsLink({ visits, label, children }: VisitsLinkProps) {
  const { actions } = useMe()
  if (!actions.includes('orders.read')) return children
  return (
    <Link
      to="/analysis/visits"
      search={(previous) => ({ ...filterSearch.parse(previous), ...noVisits, ...visits })}
      aria-label={label}
    >
      {children}
    </Link>
  )
}
