import { maxActedOrders } from '@stagewatch/shared/contract/order-action.ts'
import { useRef, useState } from 'react'
import type { ShownOrder } from './shown-orders.ts'

export interface Selection {
  readonly chosen: ReadonlySet<string>
  /** @param isRange selects all rows between the last selected one and this one */
  readonly toggle: (order: string, isRange: boolean) => void
  readonly toggleAll: () => void
  readonly clear: () => void
}

/** The rows selected for an action, up to the maximum that the server accepts. */
export function useSelection(rows: readonly ShownOrder[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const last = useRef<string>(undefined)
  const numbers = rows.map(({ order }) => order.order)
  const choose = (orders: Iterable<string>): void => setChosen(new Set([...orders].slice(0, maxActedOrders)))
  return {
    chosen,
    toggle(order, isRange) {
      const [from, to] = [last.current === undefined ? -1 : numbers.indexOf(last.current), numbers.indexOf(order)]
      last.current = order
      if (isRange && from !== -1 && to !== -1) {
        choose([...chosen, ...numbers.slice(Math.min(from, to), Math.max(from, to) + 1)])
      } else {
        choose(chosen.has(order) ? [...chosen].filter((each) => each !== order) : [...chosen, order])
      }
    },
    toggleAll: () => choose(chosen.size > 0 ? [] : numbers),
    clear: () => setChosen(new Set()),
  }
}
