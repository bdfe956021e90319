import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { stageStatistics } from '@stagewatch/server/query/stage-stats.ts'
import { eventRowReader } from '@stagewatch/server/ingest/files/event-row.ts'
import { openTable } from '@stagewatch/server/ingest/tables/open-table.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'

/**
 * Only the computations of the product, without storing anything: reads a file, folds its orders, counts them, and
 * prints figures. Rows get no ids, which only distinguish stored events.
 */
const file = await openTable(process.argv[2] ?? '')
const reader = eventRowReader(file.header, { as: 'completed', clock: undefined })
const orders = new Map<string, OrderEvent[]>()
const data = {}
for await (const batch of file.batches) {
  for (const record of batch) {
    const outcome = reader.read(record)
    if (!outcome.ok) throw new Error(`line ${record.line}: ${outcome.rejection.message}`)
    const { row, order, stage, type, occurredAt, actor } = outcome.value
    const event = {
      source: 'bench',
      id: String(row),
      type,
      order,
      occurredAt,
      sequence: row,
      data,
      ...(stage !== undefined && { stage }),
      ...(actor !== undefined && { actor }),
    }
    const log = orders.get(order)
    if (log === undefined) orders.set(order, [event])
    else log.push(event)
  }
}
await file.close()
const engine = new LiveEngine('UTC')
const now = Date.now()
for (const [order, log] of orders) {
  engine.apply(order, 'default', foldOrder(order, log, { isTerminal: () => false }), log.length, now)
}
console.log(JSON.stringify(await stageStatistics(engine, {})))
