import type { OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import { useRouter } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'
import { stringifySearch } from '../../api/search-params.ts'
import type { Filters } from './search.ts'

export type OrdersChoice = Partial<Pick<OrdersQuery, 'status' | 'stage' | 'sort'>> & Filters

/** Where the list shows these orders; its parameters are those of `GET /api/v1/orders`. */
export function ordersPath(choice: OrdersChoice): string {
  return `/orders${stringifySearch(choice)}`
}

export function orderPath(order: string): string {
  return `/orders/${encodeURIComponent(order)}`
}

/** Goes to an address of the desk as its links do, with the site that is looked at. */
export function useGoTo(): (path: string) => void {
  const { history } = useRouter()
  const site = useSite()
  return (path) => history.push(withSite(path, site))
}

interface PathLinkProps {
  readonly path: string
  readonly className?: string | undefined
  readonly label?: string | undefined
  readonly children: ReactNode
}

/** A link to a page of the desk by its address. */
export function PathLink({ path, className, label, children }: PathLinkProps) {
  const goTo = useGoTo()
  const site = useSite()
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    goTo(path)
  }
  return (
    <a href={withSite(path, site)} className={className} aria-label={label} onClick={follow}>
      {children}
    </a>
  )
}

function useSite(): string | undefined {
  const { site } = useRouter().state.location.search
  return site
}

function withSite(path: string, site: string | undefined): string {
  if (site === undefined) return path
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams({ site }).toString()}`
}
