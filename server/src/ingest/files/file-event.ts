import { hash } from 'node:crypto'
import { fixedTimeText } from '@stagewatch/shared/domain/fixed-time.ts'
import type { EventType } from '@stagewatch/shared/domain/order-event.ts'
import type { EventRow } from './event-row.ts'
import { OccurrenceCounter } from './occurrence-counter.ts'
import { SharedTexts } from './shared-texts.ts'
import type { TieRules } from './tie-order.ts'
import { TieOrder } from './tie-order.ts'

/**
 * An event of a file in the form of `POST /api/v1/events`; instants are RFC 3339. Undefined if the row does not contain
 * the value; it is not sent, because JSON omits such fields.
 */
export interface FileEvent {
  readonly source: string
  readonly id: string
  readonly type: EventType
  readonly order: string
  readonly stage: string | undefined
  readonly occurredAt: string
  readonly actor: string | undefined
  readonly sequence: number | undefined
  readonly data: FileEventData
}

export interface FileEventData {
  readonly customer?: string | undefined
  readonly customerClass?: string | undefined
  readonly product?: string | undefined
  readonly department?: string | undefined
  readonly process?: string | undefined
  readonly promisedAt?: string | undefined
  readonly startedAt?: string | undefined
  readonly enteredAt?: string | undefined
  readonly concurrent?: boolean | undefined
  readonly instance?: string | undefined
  readonly abandoned?: boolean | undefined
  /** The stage that an event without `stage` refers to, and the transition given by the file. */
  readonly about?: string | undefined
  readonly transition?: string | undefined
  readonly quantity?: number | undefined
  readonly amount?: number | undefined
  readonly currency?: string | undefined
  readonly priority?: string | undefined
  readonly waybill?: string | undefined
}

export interface FileEventOrigin {
  readonly source: string
  /** Code of the process of the orders; undefined for the site's default. */
  readonly process: string | undefined
}

/** Creates the events of one file. Rows have to be passed in file order. */
export class FileEvents {
  readonly #origin: FileEventOrigin
  readonly #seen = new OccurrenceCounter()
  readonly #ties: TieOrder
  readonly #texts = new SharedTexts()
  #lastNth = 1

  constructor(origin: FileEventOrigin, ties: TieRules) {
    this.#origin = origin
    this.#ties = new TieOrder(ties)
  }

  /** Number of rows up to the last one with the same order, step and time; 1 if rows have their own ids. */
  get lastNth(): number {
    return this.#lastNth
  }

  of(row: EventRow): FileEvent {
    const { order, stage, type, actor } = row
    const { source, process } = this.#origin
    this.#lastNth = 1
    const occurredAt = fixedTimeText(row.occurredAt)
    const enteredAt = row.enteredAt === undefined ? undefined : fixedTimeText(row.enteredAt)
    return {
      source,
      id: row.eventId ?? this.#identityOf([order, stage ?? '', type, occurredAt, ...furtherParts(row, enteredAt)]),
      type,
      order,
      stage: this.#texts.ofOptional(stage),
      occurredAt,
      actor: this.#texts.ofOptional(actor),
      sequence: this.#ties.next(row),
      data: dataOf(row, process, enteredAt, this.#texts),
    }
  }

  /**
   * Identity of a row without an event id: what happened to which order, where and when, and the ordinal of the row
   * among equal ones in the file. Importing the file again yields the same identities, and rows that differ only in
   * facts remain different events. The identity is hashed, because it is stored with every event and its parts may be
   * long.
   */
  #identityOf(parts: readonly string[]): string {
    const digest = hash('sha256', parts.join('\0'), 'base64url')
    const key = first16Bytes(digest)
    this.#lastNth = this.#seen.addText(key)
    return this.#lastNth === 1 ? key : `${key}.${this.#lastNth}`
  }
}

/** Contains only the fields that the row has: the rows of a window are in memory at once, and most have few fields. */
function dataOf(
  row: EventRow,
  process: string | undefined,
  enteredAt: string | undefined,
  texts: SharedTexts,
): FileEventData {
  const { customer, customerClass, product, department, quantity, amount, currency, priority, waybill } = row
  const { startedAt, promisedAt } = row
  const data: { -readonly [Field in keyof FileEventData]: FileEventData[Field] } = {}
  if (customer !== undefined) data.customer = texts.of(customer)
  if (customerClass !== undefined) data.customerClass = texts.of(customerClass)
  if (product !== undefined) data.product = texts.of(product)
  if (department !== undefined) data.department = texts.of(department)
  if (quantity !== undefined) data.quantity = quantity
  if (amount !== undefined) data.amount = amount
  if (currency !== undefined) data.currency = currency
  if (priority !== undefined) data.priority = priority
  if (waybill !== undefined) data.waybill = waybill
  if (process !== undefined) data.process = process
  if (row.concurrent !== undefined) data.concurrent = row.concurrent
  if (row.instance !== undefined) data.instance = row.instance
  if (row.abandoned !== undefined) data.abandoned = row.abandoned
  if (row.about !== undefined) data.about = row.about
  if (row.transition !== undefined) data.transition = row.transition
  if (enteredAt !== undefined) data.enteredAt = enteredAt
  if (startedAt !== undefined) data.startedAt = fixedTimeText(startedAt)
  if (promisedAt !== undefined) data.promisedAt = fixedTimeText(promisedAt)
  return data
}

/** Fields that distinguish activities of the same stage and time; other events have none of them. */
function furtherParts({ instance, about, transition }: EventRow, enteredAt: string | undefined): string[] {
  return [enteredAt, instance, about, transition].filter((part) => part !== undefined)
}

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * Base64url of the first 16 bytes of a digest, given its base64url: 21 characters and the first two bits of the next
 * one.
 */
function first16Bytes(digest: string): string {
  return `${digest.slice(0, 21)}${'AQgw'.charAt(base64url.indexOf(digest.charAt(21)) >>> 4)}`
}
