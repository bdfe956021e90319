import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ParsedItem } from './parse/parse-events.ts'

/**
 * Which process the order of an event belongs to, for events that come in together: what the event says, else what
 * another event of its order among them says, else what is known of the order, else the site's default.
 * @param isProcess whether the site has a process; that another event or the order says one that it has not counts for
 * nothing.
 */
export function orderProcesses(
  items: readonly ParsedItem[],
  known: (order: string) => string | undefined,
  defaultProcess: string,
  isProcess: (process: string) => boolean,
): (event: OrderEvent) => string {
  const named = new Map<string, string>()
  for (const item of items) {
    const process = item.ok ? item.event.data['process'] : undefined
    if (item.ok && typeof process === 'string' && isProcess(process)) named.set(item.event.order, process)
  }
  return ({ order, data }) => {
    const process = data['process']
    if (typeof process === 'string') return process
    const before = known(order)
    return named.get(order) ?? (before !== undefined && isProcess(before) ? before : defaultProcess)
  }
}
