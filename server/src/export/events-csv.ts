import { hash } from 'node:crypto'
import { eventLimits } from '@stagewatch/shared/contract/event-limits.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import { fixedTimeText } from '@stagewatch/shared/domain/fixed-time.ts'
import type { EventData, EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { csvLine } from '../platform/csv-line.ts'
import type { ExportCounts, LeftOut } from './export-summary.ts'

const columns = [
  'order_id',
  'stage',
  'timestamp',
  'event_type',
  'event_id',
  'source',
  'actor',
  'department',
  'customer',
  'customer_class',
  'product',
  'due_at',
  'waybill',
  'started_at',
] as const

/** With a byte order mark, by which a spreadsheet detects UTF-8. */
export const csvHeader = `\uFEFF${csvLine(columns)}`

/** Fields of the data with a column of their own. */
const factColumns: ReadonlySet<string> = new Set([
  'department',
  'customer',
  'customerClass',
  'product',
  'promisedAt',
  'waybill',
  'startedAt',
])

/**
 * The events as rows that an import of CSV reads. Events that are taken back are left out together with those that take
 * them back, because a row cannot name another event.
 * @param voided identities of events that are taken back.
 */
export function csvRows(events: readonly OrderEvent[], voided: ReadonlySet<string>, counts: ExportCounts): string {
  return events
    .map((event) => {
      const cause = voided.has(eventIdentity(event.source, event.id)) ? 'voided' : inexpressible(event)
      if (cause !== undefined) {
        counts.leaveOut(cause)
        return ''
      }
      counts.written += 1
      return csvRow(event, counts)
    })
    .join('')
}

/** Types whose events say nothing without data that has no column. */
const withoutColumns: Partial<Record<EventType, LeftOut>> = {
  'event.voided': 'voids',
  'order.assigned': 'assignments',
  'note.added': 'notes',
  'position.reported': 'positions',
}

/** Why a row would say something else than the event; undefined if it says the same. */
function inexpressible({ type, stage, data }: OrderEvent): LeftOut | undefined {
  if (data['concurrent'] === true) return 'concurrent'
  if (type === 'order.held' && (data['until'] !== undefined || data['changesHold'] === true)) return 'hold_ends'
  if (type === 'order.acknowledged' && stage !== undefined) return 'activity_acknowledgements'
  return withoutColumns[type]
}

function csvRow({ source, id, type, order, stage, occurredAt, actor, data }: OrderEvent, counts: ExportCounts): string {
  for (const [name, value] of Object.entries(data)) {
    if (value !== undefined && !factColumns.has(name)) counts.loseField(name)
  }
  return csvLine([
    order,
    stage,
    fixedTimeText(occurredAt),
    type,
    rowId(source, id),
    source,
    actor,
    textIn(data, 'department'),
    textIn(data, 'customer'),
    textIn(data, 'customerClass'),
    textIn(data, 'product'),
    instantIn(data, 'promisedAt'),
    textIn(data, 'waybill'),
    instantIn(data, 'startedAt'),
  ])
}

/** An import gives all rows one source, so their ids name the source too. */
function rowId(source: string, id: string): string {
  const whole = `${source.replaceAll('%', '%25').replaceAll('/', '%2F')}/${id}`
  return whole.length <= eventLimits.id ? whole : hash('sha256', whole, 'base64url')
}

function textIn(data: EventData, field: string): string | undefined {
  const value = data[field]
  return typeof value === 'string' ? value : undefined
}

function instantIn(data: EventData, field: string): string | undefined {
  const at = data[field]
  return typeof at === 'number' ? fixedTimeText(at) : undefined
}
