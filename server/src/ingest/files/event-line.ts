import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { parseEvent } from '../parse/parse-event.ts'
import { rawEvent } from '../parse/raw-event.ts'
import { eventLineColumn } from '../tables/open-event-lines.ts'
import type { TableRecord } from '../tables/table-file.ts'
import type { EventRow } from './event-row.ts'
import type { FileEvent } from './file-event.ts'
import type { Outcome } from '../tables/rejection.ts'
import type { RowReader } from './row-reader.ts'

const columns = { event: { index: 0, header: eventLineColumn } }

/**
 * Reads the lines of a file of events. Each is validated like an event of `POST /api/v1/events`, except that the server
 * that receives it decides whether its time is in the future.
 */
export function eventLineReader(): RowReader<FileEvent> {
  return readerOf((event) => {
    const { stage, actor, sequence, ...raw } = rawEvent(event)
    return { ...raw, stage, actor, sequence }
  })
}

/** The same lines as rows, for what is learned from a file before it is sent. */
export function eventLineRows(): RowReader<EventRow> {
  return readerOf(rowOf)
}

function readerOf<T>(read: (event: OrderEvent, row: number) => T): RowReader<T> {
  return {
    columns,
    columnOf: (field) => field,
    read(record) {
      const parsed = parsedLine(record)
      return parsed.ok ? { ok: true, value: read(parsed.value, record.row) } : parsed
    },
  }
}

function parsedLine({ cells, problem }: TableRecord): Outcome<OrderEvent> {
  if (problem !== undefined) return { ok: false, rejection: problem }
  const raw = jsonOf(cells[0] ?? '')
  if (!raw.ok) return raw
  const parsed = parseEvent(raw.value, Number.POSITIVE_INFINITY)
  if (parsed.ok) return { ok: true, value: parsed.event }
  const { code, field = '', message } = parsed.rejection
  return { ok: false, rejection: { code, field, message } }
}

function jsonOf(line: string): Outcome<unknown> {
  try {
    return { ok: true, value: JSON.parse(line) }
  } catch {
    const message = 'the line is not JSON; each line must be one complete event'
    return { ok: false, rejection: { code: 'bad_request', field: '', message } }
  }
}

function rowOf({ id, type, order, stage, occurredAt, actor, data }: OrderEvent, row: number): EventRow {
  const { concurrent, abandoned, enteredAt, startedAt } = data
  return {
    row,
    type,
    order,
    stage,
    occurredAt,
    actor,
    ...(concurrent === true && { concurrent }),
    ...(abandoned === true && { abandoned }),
    ...(typeof enteredAt === 'number' && { enteredAt }),
    instance: textIn(data, 'instance'),
    eventId: id,
    startedAt: typeof startedAt === 'number' ? startedAt : undefined,
    startIgnored: false,
    customer: textIn(data, 'customer'),
    customerClass: textIn(data, 'customerClass'),
    product: textIn(data, 'product'),
    waybill: textIn(data, 'waybill'),
    department: textIn(data, 'department'),
  }
}

function textIn(data: OrderEvent['data'], field: string): string | undefined {
  const value = data[field]
  return typeof value === 'string' ? value : undefined
}
