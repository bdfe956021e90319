import type { CopyRow } from '@stagewatch/db/copy-reader.ts'
import type { FoldedOrder, HoldSpan, OrderStatus } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderFacts } from '@stagewatch/shared/domain/order-facts.ts'

/** An order of which the visits are still to come. */
export interface CopiedOrder {
  readonly order: string
  readonly process: string
  readonly eventCount: number
  /** Undefined: every event of the order was taken back. */
  readonly state: Omit<FoldedOrder, 'visits'> | undefined
}

/** In the order in which `readOrderRow` reads them. */
export const orderCopyColumns = `
  o.order_id, o.process, o.event_count, o.status, o.customer, o.product, o.department, o.promised_at, o.facts,
  o.placed_at, o.ended_at, o.held_since, o.first_at, o.last_progress_at, o.last_event_at, o.holds, o.reopened_count,
  o.complaint_count`

/** The texts are what the fold has written, see `save-orders.ts`. */
export function readOrderRow(row: CopyRow): CopiedOrder {
  const order = row.text(0)
  return { order, process: row.commonText(1), eventCount: row.integer(2), state: stateOf(row, order) }
}

function stateOf(row: CopyRow, order: string): CopiedOrder['state'] {
  const status = row.commonText(3) as OrderStatus | 'void'
  const [firstAt, lastProgressAt, lastEventAt] = [row.instant(12), row.instant(13), row.instant(14)]
  if (status === 'void' || firstAt === undefined || lastProgressAt === undefined || lastEventAt === undefined)
    return undefined
  const [placedAt, endedAt, heldSince] = [row.instant(9), row.instant(10), row.instant(11)]
  return {
    order,
    status,
    facts: factsOf(row),
    holds: row.json(15) as readonly HoldSpan[],
    ...(placedAt !== undefined && { placedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(heldSince !== undefined && { heldSince }),
    firstAt,
    lastProgressAt,
    lastEventAt,
    reopenedCount: row.integer(16),
    complaintCount: row.integer(17),
  }
}

function factsOf(row: CopyRow): OrderFacts {
  const facts: { -readonly [field in keyof OrderFacts]: OrderFacts[field] } = row.json(8) as OrderFacts
  if (!row.isNull(4)) facts.customer = row.commonText(4)
  if (!row.isNull(5)) facts.product = row.commonText(5)
  if (!row.isNull(6)) facts.department = row.commonText(6)
  if (!row.isNull(7)) facts.promisedAt = row.instant(7) ?? 0
  return facts
}
