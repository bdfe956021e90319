import { hash } from 'node:crypto'
import type { OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import { z } from 'zod'
import { AppError } from '../platform/app-error.ts'
import type { SortKey } from './order-sort.ts'

/** The last order of a page, by which the next page is found: orders that come or go between pages shift nothing. */
export interface OrderCursor extends SortKey {
  /** Of the first page: the order in which they come stays what it was then. */
  readonly asOf: number
  /** The next page is one of older orders; `order` is empty when it is the first of those. */
  readonly isOlder: boolean
}

const content = z.tuple([z.number(), z.union([z.number(), z.string(), z.null()]), z.string(), z.boolean()])
const checksumLength = 22

/** An opaque text that is good for the same question only. */
export function writeCursor({ asOf, value, order, isOlder }: OrderCursor, query: OrdersQuery): string {
  const text = JSON.stringify([asOf, value, order, isOlder])
  return Buffer.from(checksum(text, query) + text).toString('base64url')
}

/** @throws AppError `bad_request` when the text was altered, or belongs to another question. */
export function readCursor(cursor: string, query: OrdersQuery): OrderCursor {
  const decoded = Buffer.from(cursor, 'base64url').toString()
  const text = decoded.slice(checksumLength)
  if (decoded.slice(0, checksumLength) !== checksum(text, query)) {
    throw new AppError('bad_request', 'the cursor is not one of this question', { field: 'cursor' })
  }
  const [asOf, value, order, isOlder] = content.parse(JSON.parse(text))
  return { asOf, value, order, isOlder }
}

/** It keeps no secret: whoever computes it by hand gets a page that asking in order would have given as well. */
function checksum(text: string, { cursor: _cursor, limit: _limit, ...question }: OrdersQuery): string {
  return hash('sha256', JSON.stringify([text, question]), 'base64url').slice(0, checksumLength)
}
