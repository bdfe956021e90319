import { AppError } from '../../platform/app-error.ts'
import type { FileEvent } from '../files/file-event.ts'
import type { TableRecord } from '../tables/table-file.ts'
import type { EventResult, EventSender } from './event-sender.ts'

/** The cells of a row as one text, or as they are if a cell contains the separator. */
type PackedCells = string | readonly string[]

/**
 * A row that is being sent to the server. Its cells are packed: they are needed only if the row is rejected, and a
 * window of cells would be most of what the garbage collector copies during an import.
 */
interface SentRow {
  readonly row: number
  readonly line: number
  readonly cells: PackedCells
  readonly event: FileEvent
  readonly characters: number
}

/** Occurs only in damaged cells. */
const cellSeparator = '\0'

/**
 * Number of rows that are sorted by order at once. The database does not have to read back an order whose rows are all
 * in one window; two windows are in memory, some hundred bytes per row.
 */
const windowRows = 100_000
const windowCharacters = 48 * 1024 * 1024
/** For field names and values that are not in the row. */
const charactersPerEvent = 250

/** The server parses the second call while it stores the first. */
const maxInFlight = 2

interface Batch {
  readonly rows: readonly SentRow[]
  readonly results: Promise<readonly EventResult[]>
}

type RejectedResult = Extract<EventResult, { readonly status: 'rejected' }>

export interface BatchEvents {
  /** @param row the row's number in the file. */
  take(as: 'accepted' | 'duplicate', row: number): void
  /** The event already exists with other facts. */
  restate?(event: FileEvent): void
  /** Called for each window in file order, after it has been sent. */
  reject(record: TableRecord, result: RejectedResult): Promise<void>
  /** The outcome of more rows is known. */
  progressed(): void
}

/**
 * Collects rows into windows and sends each window grouped by order, while the next window is being collected. A call
 * takes as many whole orders as fit, and the rows of one order stay in file order.
 */
export class RowBatches {
  readonly #sender: EventSender
  readonly #events: BatchEvents
  readonly #areIdsOfFile: boolean
  #rows: SentRow[] = []
  #characters = 0
  #sending: Promise<void> = Promise.resolve()

  /**
   * @param areIdsOfFile false if identities are derived from the order and the event, so that orders never share one.
   */
  constructor(sender: EventSender, events: BatchEvents, areIdsOfFile = true) {
    this.#sender = sender
    this.#events = events
    this.#areIdsOfFile = areIdsOfFile
  }

  /**
   * Returns a promise only if there is something to wait for: a promise per row would take a tenth of the time.
   * @throws what sending threw.
   */
  add(record: TableRecord, event: FileEvent): Promise<void> | undefined {
    let characters = charactersPerEvent
    for (const cell of record.cells) characters += cell.length
    const isFull = this.#rows.length === windowRows || this.#characters + characters > windowCharacters
    const sent = { row: record.row, line: record.line, cells: packCells(record.cells), event, characters }
    if (isFull) return this.#sendGathered().then(() => this.#gather(sent))
    this.#gather(sent)
    return undefined
  }

  /**
   * Resolves when everything was sent.
   * @throws what sending threw; nothing was sent after that error.
   */
  async finish(): Promise<void> {
    await this.#sendGathered()
    await this.#sending
  }

  #gather(row: SentRow): void {
    this.#rows.push(row)
    this.#characters += row.characters
  }

  async #sendGathered(): Promise<void> {
    await this.#sending
    if (this.#rows.length === 0) return
    const rows = this.#rows
    this.#rows = []
    this.#characters = 0
    this.#sending = this.#sendWindow(rows)
    // The error is delivered to the caller of `add` or `finish`; this only prevents an unhandled rejection.
    this.#sending.catch(() => {})
  }

  async #sendWindow(rows: readonly SentRow[]): Promise<void> {
    const events = this.#events
    const rejected: { readonly sent: SentRow; readonly result: RejectedResult }[] = []
    const inFlight: Batch[] = []
    const settleOldest = async () => {
      const oldest = inFlight.shift()
      if (oldest === undefined) return
      const results = await oldest.results
      let i = 0
      for (const sent of oldest.rows) {
        const result = results[i++]
        if (result === undefined) throw new AppError('internal', 'the server gave no result for one of the events')
        if (result.status === 'rejected') {
          rejected.push({ sent, result })
          continue
        }
        events.take(result.status, sent.row)
        if (result.restated) events.restate?.(sent.event)
      }
      events.progressed()
    }
    const failures: unknown[] = []
    for (const batch of batchesOf(rows, this.#sender, this.#areIdsOfFile)) {
      if (inFlight.length === maxInFlight) await settleOldest().catch((error: unknown) => failures.push(error))
      if (failures.length > 0) break
      const results = this.#sender.send(batch.map(({ event }) => event))
      results.catch(() => {})
      inFlight.push({ rows: batch, results })
    }
    while (inFlight.length > 0) await settleOldest().catch((error: unknown) => failures.push(error))
    for (const { sent, result } of rejected.toSorted((a, b) => a.sent.row - b.sent.row))
      await events.reject({ row: sent.row, line: sent.line, cells: unpackCells(sent.cells) }, result)
    if (rejected.length > 0) events.progressed()
    if (failures.length > 0) throw failures[0]
  }
}

/** Splits the rows into calls, grouped by order, with the orders in order of first occurrence. */
function* batchesOf(
  rows: readonly SentRow[],
  limits: EventSender,
  areIdsOfFile: boolean,
): Generator<readonly SentRow[]> {
  let batch: SentRow[] = []
  let characters = 0
  for (const group of groupsOf(rows, areIdsOfFile)) {
    const ofGroup = group.reduce((sum, row) => sum + row.characters, 0)
    const fits = batch.length + group.length <= limits.maxEvents && characters + ofGroup <= limits.maxCharacters
    if (!fits && batch.length > 0) {
      yield batch
      batch = []
      characters = 0
    }
    for (const row of group) {
      if (
        batch.length === limits.maxEvents ||
        (batch.length > 0 && characters + row.characters > limits.maxCharacters)
      ) {
        yield batch
        batch = []
        characters = 0
      }
      batch.push(row)
      characters += row.characters
    }
  }
  if (batch.length > 0) yield batch
}

/** Groups rows by order; each row is its own group if orders share an identity, because then the first row counts. */
function groupsOf(rows: readonly SentRow[], areIdsOfFile: boolean): Iterable<readonly SentRow[]> {
  if (areIdsOfFile && hasSharedIds(rows)) return rows.map((one) => [one])
  const orders = new Map<string, SentRow[]>()
  for (const row of rows) {
    const { order } = row.event
    const ofOrder = orders.get(order)
    if (ofOrder === undefined) orders.set(order, [row])
    else ofOrder.push(row)
  }
  return orders.values()
}

function hasSharedIds(rows: readonly SentRow[]): boolean {
  const orderOfId = new Map<string, string>()
  for (const { event } of rows) {
    const before = orderOfId.get(event.id)
    if (before === undefined) orderOfId.set(event.id, event.order)
    else if (before !== event.order) return true
  }
  return false
}

function packCells(cells: readonly string[]): PackedCells {
  const text = cells.join(cellSeparator)
  let separators = 0
  for (let at = text.indexOf(cellSeparator); at >= 0; at = text.indexOf(cellSeparator, at + 1)) separators += 1
  return separators === cells.length - 1 ? text : cells
}

function unpackCells(cells: PackedCells): readonly string[] {
  return typeof cells === 'string' ? cells.split(cellSeparator) : cells
}
