import { hash } from 'node:crypto'
import { fixedTimeText } from '@stagewatch/shared/domain/fixed-time.ts'
import type { FileEvent, FileEventData, FileEventOrigin } from './file-event.ts'
import type { ChosenColumns, Columns } from './find-columns.ts'
import { findColumns, orderColumns, requireColumn } from './find-columns.ts'
import { readFacts } from './order-facts.ts'
import type { RowCells } from './row-cells.ts'
import type { RowReader, RowRules } from './row-reader.ts'
import { rowReader } from './row-reader.ts'

export interface OrderRowRules extends FileEventOrigin, RowRules {
  /** Start of the import, epoch ms. */
  readonly importedAt: number
}

/**
 * The columns of a file with this header.
 * @throws AppError if a required column is missing.
 */
export function orderFileColumns(
  header: readonly string[],
  chosen?: ChosenColumns,
): Columns<keyof typeof orderColumns> {
  const columns = findColumns(header, orderColumns, chosen)
  requireColumn(columns, 'order', orderColumns, header)
  return columns
}

/**
 * Creates a reader for a file with one row per order: each row becomes an `order.changed` event with the order's facts.
 *
 * Without a date column the file does not say since when its attributes apply, so they apply from the beginning of time
 * and never override a later event. Attributes of the same instant apply in import order: their sequence is the time of
 * the import in µs, which increases faster than any import can read rows.
 * @throws AppError if a required column is missing.
 */
export function orderRowReader(header: readonly string[], rules: OrderRowRules): RowReader<FileEvent> {
  const columns = orderFileColumns(header, rules.columns)
  return rowReader({ columns, width: header.length }, rules, (row, cells) => readOrder(row, cells, rules))
}

function readOrder(row: number, cells: RowCells<keyof typeof orderColumns>, rules: OrderRowRules): FileEvent {
  const order = cells.orderNumber('order')
  const occurredAt = fixedTimeText(cells.instant('time') ?? 0)
  const { promisedAt, ...facts } = readFacts(cells)
  const data = {
    ...facts,
    process: rules.process,
    promisedAt: promisedAt === undefined ? undefined : fixedTimeText(promisedAt),
  }
  return {
    source: rules.source,
    id: orderRowIdentity(order, occurredAt, data),
    type: 'order.changed',
    order,
    stage: undefined,
    occurredAt,
    actor: undefined,
    sequence: rules.importedAt * 1000 + row,
    data,
  }
}

/** Identity by content: the same attributes are a duplicate, other attributes are a new event. */
export function orderRowIdentity(order: string, occurredAt: string, data: FileEventData): string {
  const digest = hash('sha256', JSON.stringify([order, occurredAt, data]), 'buffer')
  return `order.${digest.toString('base64url', 0, 16)}`
}
