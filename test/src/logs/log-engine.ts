import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { LogRow } from './read-log.ts'

/** Real logs in the folder of logs, each from a different kind of business. */
export const realLogs = [
  'receipt',
  'bpic2013_closed',
  'helpdesk',
  'northwind',
  'ocel_order_management',
  'olist_orders',
  'production',
  'purchasing_example',
  'scms_deliveries',
] as const

/** The rows of each order in chronological order. */
export function casesOf(rows: readonly LogRow[]): ReadonlyMap<string, readonly LogRow[]> {
  return Map.groupBy(
    rows.toSorted((a, b) => a.at - b.at || a.row - b.row),
    ({ order }) => order,
  )
}

/**
 * An engine in which each row completes a stage, and all orders are signed at one instant after the last row. The
 * customer and product of an order are those of its first row.
 * @param targetsMs targets by stage, in calendar time; the other stages have none.
 */
export function engineOf(
  cases: Iterable<readonly LogRow[]>,
  endedAt: number,
  targetsMs: ReadonlyMap<string, number> = new Map(),
): LiveEngine {
  const engine = new LiveEngine('UTC')
  const stages = [...targetsMs].map(([stage, targetMs]) => ({ ...plainStage(stage), targetMs }))
  const definition = { code: 'default', name: { zh: '', en: '' }, stages, acceptsNewStages: true, goals: {} }
  engine.setProcess([{ definition }], 0)
  for (const rows of cases) {
    const [first] = rows
    if (first === undefined) continue
    const { order, customer, product } = first
    const told = { source: 'log', order }
    const data = { ...(customer !== '' && { customer }), ...(product !== '' && { product }) }
    const events = rows.map((row): OrderEvent => {
      const [id, sequence] = [String(row.row), row.row]
      const known = row.department === '' ? data : { ...data, department: row.department }
      return { ...told, id, type: 'stage.completed', stage: row.stage, occurredAt: row.at, sequence, data: known }
    })
    const end = { ...told, id: 'end', type: 'order.completed' as const, occurredAt: endedAt, data: {} }
    const state = foldOrder(order, [...events, end], { isTerminal: () => false })
    engine.apply(order, 'default', state, events.length + 1, 0)
  }
  return engine
}
