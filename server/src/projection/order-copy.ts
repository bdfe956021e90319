import { copyColumns } from '@stagewatch/db/copy-columns.ts'
import type { CopyRow } from '@stagewatch/db/copy-reader.ts'
import { orders } from '@stagewatch/db/schema.ts'
import type { FoldedOrder, HoldSpan, OrderStatus } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderAttributes } from '@stagewatch/shared/domain/order-attributes.ts'

/** An order whose visits have not been read yet. */
export interface CopiedOrder {
  readonly order: string
  readonly process: string
  readonly eventCount: number
  /** Undefined if every event of the order was retracted. */
  readonly state: Omit<FoldedOrder, 'visits'> | undefined
}

export const orderCopy = copyColumns(orders, [
  'orderId',
  'process',
  'eventCount',
  'status',
  'customer',
  'product',
  'department',
  'promisedAt',
  'attributes',
  'placedAt',
  'endedAt',
  'heldSince',
  'heldUntil',
  'firstAt',
  'lastProgressAt',
  'lastEventAt',
  'holds',
  'reopenedCount',
  'complaintCount',
])
const { at } = orderCopy

/** The texts were written by the fold, see `save-orders.ts`. */
export function readOrderRow(row: CopyRow): CopiedOrder {
  const order = row.text(at.orderId)
  const [process, eventCount] = [row.commonText(at.process), row.integer(at.eventCount)]
  return { order, process, eventCount, state: stateOf(row, order) }
}

function stateOf(row: CopyRow, order: string): CopiedOrder['state'] {
  const status = row.commonText(at.status) as OrderStatus | 'void'
  const firstAt = row.instant(at.firstAt)
  const lastProgressAt = row.instant(at.lastProgressAt)
  const lastEventAt = row.instant(at.lastEventAt)
  if (status === 'void' || firstAt === undefined || lastProgressAt === undefined || lastEventAt === undefined)
    return undefined
  const placedAt = row.instant(at.placedAt)
  const endedAt = row.instant(at.endedAt)
  const heldSince = row.instant(at.heldSince)
  const heldUntil = row.instant(at.heldUntil)
  return {
    order,
    status,
    attributes: attributesOf(row),
    holds: row.json(at.holds) as readonly HoldSpan[],
    ...(placedAt !== undefined && { placedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(heldSince !== undefined && { heldSince }),
    ...(heldUntil !== undefined && { heldUntil }),
    firstAt,
    lastProgressAt,
    lastEventAt,
    reopenedCount: row.integer(at.reopenedCount),
    complaintCount: row.integer(at.complaintCount),
  }
}

function attributesOf(row: CopyRow): OrderAttributes {
  const attributes: { -readonly [field in keyof OrderAttributes]: OrderAttributes[field] } = row.json(
    at.attributes,
  ) as OrderAttributes
  if (!row.isNull(at.customer)) attributes.customer = row.commonText(at.customer)
  if (!row.isNull(at.product)) attributes.product = row.commonText(at.product)
  if (!row.isNull(at.department)) attributes.department = row.commonText(at.department)
  const promisedAt = row.instant(at.promisedAt)
  if (promisedAt !== undefined) attributes.promisedAt = promisedAt
  return attributes
}
