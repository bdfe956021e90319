import { shownValue } from './cells/clean-cell.ts'
import type { EventType } from '@stagewatch/shared/domain/order-event.ts'
import { eventTypes, isStageEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ChosenColumns, Columns } from './find-columns.ts'
import { eventColumns, findColumns, requireColumn } from './find-columns.ts'
import type { RowCells } from './row-cells.ts'
import type { RowReader, RowRules } from './row-reader.ts'
import { rowReader } from './row-reader.ts'

/** What a row says, before it gets an identity. Instants are epoch ms; undefined: the row does not say. */
export interface EventRow {
  /** 1 for the first data row. */
  readonly row: number
  readonly type: EventType
  readonly order: string
  /** On stage events, and only there. */
  readonly stage: string | undefined
  readonly occurredAt: number
  readonly actor: string | undefined
  /** The identity that the file gives it. */
  readonly eventId: string | undefined
  /** When work began, on a completed stage; never after `occurredAt`. */
  readonly startedAt: number | undefined
  /** A start of work after the row's own time was left out. */
  readonly startIgnored: boolean
  readonly promisedAt: number | undefined
  readonly customer: string | undefined
  readonly customerClass: string | undefined
  readonly product: string | undefined
  readonly waybill: string | undefined
  readonly department: string | undefined
}

export interface EventRowRules extends RowRules {
  /** What a row means that does not say so itself; undefined: see `proposedMeaning`. */
  readonly as?: 'stage.entered' | 'stage.completed' | undefined
}

/** A file that says when work began has its other time from when the work was done. */
export function proposedMeaning(columns: Columns<string>): 'stage.entered' | 'stage.completed' {
  return columns['startedAt'] === undefined ? 'stage.entered' : 'stage.completed'
}

/**
 * The columns of a file with this header.
 * @throws AppError when one is missing without which no row can be read.
 */
export function eventFileColumns(
  header: readonly string[],
  chosen?: ChosenColumns,
): Columns<keyof typeof eventColumns> {
  const columns = findColumns(header, eventColumns, chosen)
  requireColumn(columns, 'order', eventColumns, header)
  requireColumn(columns, 'time', eventColumns, header)
  if (!columns.eventType) requireColumn(columns, 'stage', eventColumns, header)
  return columns
}

/**
 * Prepares to read the rows of a file with this header.
 * @throws AppError when a column is missing without which no row can be read.
 */
export function eventRowReader(header: readonly string[], rules: EventRowRules): RowReader<EventRow> {
  const columns = eventFileColumns(header, rules.columns)
  const meaning = rules.as ?? proposedMeaning(columns)
  return rowReader({ columns, width: header.length }, rules, (row, cells) => readRow(row, cells, meaning))
}

function readRow(row: number, cells: RowCells<keyof typeof eventColumns>, meaning: EventType): EventRow {
  const type = readType(cells) ?? meaning
  const order = cells.orderNumber('order')
  const stage = isStageEvent(type) ? cells.identifier('stage', 'text') : undefined
  const occurredAt = cells.requiredInstant('time')
  const startedAt = type === 'stage.completed' ? cells.instant('startedAt', { latest: occurredAt }) : undefined
  const startIgnored = startedAt !== undefined && startedAt > occurredAt
  return {
    row,
    type,
    order,
    stage,
    occurredAt,
    actor: cells.label('actor', 'text'),
    eventId: cells.label('eventId', 'code'),
    startedAt: startIgnored ? undefined : startedAt,
    startIgnored,
    promisedAt: cells.instant('promisedAt', { endOfDay: true }),
    customer: cells.text('customer'),
    customerClass: cells.text('customerClass'),
    product: cells.text('product'),
    waybill: cells.label('waybill', 'code'),
    department: cells.text('department'),
  }
}

function readType(cells: RowCells<keyof typeof eventColumns>): EventType | undefined {
  const text = cells.required('eventType', 'text')
  if (text === undefined) return undefined
  const type = eventTypes.find((known) => known === text)
  return type ?? cells.reject('invalid_field', 'eventType', `${shownValue(text)} is no event type`)
}
