import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { stageStatistics } from '@stagewatch/server/query/stage-stats.ts'
import { eventRowReader } from '@stagewatch/server/ingest/files/event-row.ts'
import { FileEvents } from '@stagewatch/server/ingest/files/file-event.ts'
import { directionUnknown } from '@stagewatch/server/ingest/files/row-direction.ts'
import { openTable } from '@stagewatch/server/ingest/tables/open-table.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { recordsOf } from '@stagewatch/server/ingest/tables/table-file.ts'

/** What the product computes and nothing that it keeps: reads a file, folds its orders, counts them, prints figures. */
const file = await openTable(process.argv[2] ?? '')
const reader = eventRowReader(file.header, { as: 'completed', clock: undefined })
const events = new FileEvents({ source: 'bench', process: undefined }, { stages: [], direction: directionUnknown })
const orders = new Map<string, OrderEvent[]>()
for await (const record of recordsOf(file)) {
  const outcome = reader.read(record)
  if (!outcome.ok) throw new Error(`line ${record.line}: ${outcome.rejection.message}`)
  const { stage, actor, ...event } = events.of(outcome.value)
  const log = orders.get(event.order)
  const stored = {
    ...event,
    occurredAt: outcome.value.occurredAt,
    data: { ...event.data },
    ...(stage !== undefined && { stage }),
    ...(actor !== undefined && { actor }),
  }
  if (log === undefined) orders.set(event.order, [stored])
  else log.push(stored)
}
const engine = new LiveEngine('UTC')
const now = Date.now()
for (const [order, log] of orders) {
  engine.apply(order, 'default', foldOrder(order, log, { isTerminal: () => false }), log.length, now)
}
console.log(JSON.stringify(await stageStatistics(engine, {})))
