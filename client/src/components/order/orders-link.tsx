import type { OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Filters } from '../filters/filter-search.ts'

/** Filter of an order list, as parameters of `GET /api/v1/orders`. */
export type OrdersChoice = Partial<Pick<OrdersQuery, 'status' | 'stage' | 'sort'>> & Filters

/** Opens the list of the given orders. */
export function useGoToOrders(): (choice: OrdersChoice) => void {
  const navigate = useNavigate()
  return (choice) => void navigate({ to: '/orders', search: choice })
}

interface OrdersLinkProps {
  readonly choice: OrdersChoice
  readonly className?: string | undefined
  readonly label?: string | undefined
  readonly children: ReactNode
}

export function OrdersLink({ choice, className, label, children }: OrdersLinkProps) {
  return (
    <Link to="/orders" search={choice} className={className} aria-label={label}>
      {children}
    </Link>
  )
}
