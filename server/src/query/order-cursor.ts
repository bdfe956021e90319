import { hash } from 'node:crypto'
import type { OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import { z } from 'zod'
import { AppError } from '../platform/app-error.ts'
import type { SortKey } from './order-sort.ts'

/**
 * The last order of a page, from which the next page continues, so that orders that come or go between pages do not
 * shift it.
 */
export interface OrderCursor extends SortKey {
  /** Time of the first page: all pages are sorted as of this instant. */
  readonly asOf: number
  /** The next page has older orders; `order` is empty if it is the first of those. */
  readonly isOlder: boolean
}

const content = z.tuple([z.number(), z.union([z.number(), z.string(), z.null()]), z.string(), z.boolean()])
const checksumLength = 22

/** An opaque text that is valid only for the same query. */
export function writeCursor({ asOf, value, order, isOlder }: OrderCursor, query: OrdersQuery): string {
  const text = JSON.stringify([asOf, value, order, isOlder])
  return Buffer.from(checksum(text, query) + text).toString('base64url')
}

/** @throws AppError `bad_request` if the text was altered, or belongs to another query. */
export function readCursor(cursor: string, query: OrdersQuery): OrderCursor {
  const decoded = Buffer.from(cursor, 'base64url').toString()
  const text = decoded.slice(checksumLength)
  if (decoded.slice(0, checksumLength) !== checksum(text, query)) {
    throw new AppError('bad_request', 'the cursor does not belong to this query', { field: 'cursor' })
  }
  const [asOf, value, order, isOlder] = content.parse(JSON.parse(text))
  return { asOf, value, order, isOlder }
}

/** Not a secret: a forged cursor only gives a page that regular paging would also give. */
function checksum(text: string, { cursor: _cursor, limit: _limit, ...question }: OrdersQuery): string {
  return hash('sha256', JSON.stringify([text, question]), 'base64url').slice(0, checksumLength)
}
