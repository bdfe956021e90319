import { hash } from 'node:crypto'
import type { TableRecord } from '../tables/table-file.ts'
import type { FileEvent, FileEventData } from './file-event.ts'
import type { Columns } from './find-columns.ts'
import { OccurrenceCounter } from './occurrence-counter.ts'
import { orderRowIdentity } from './order-row.ts'

/** An event of an order and the rows it was read from; the last row represents them. */
export interface OrderRows {
  readonly record: TableRecord
  /** The preceding rows, whose outcome follows that of `record`. */
  readonly others: readonly TableRecord[]
  readonly event: FileEvent
}

/** An order with more rows is processed in parts. */
const maxRows = 10_000
const shownOrders = 3
/** Columns of totals, which every row of an order may repeat. */
const totals = /^(?:order|grand)?total$|^价税合计$/

/** Findings about orders with several rows. */
export interface OrderLinesFound {
  /** Number of orders whose rows were merged; `first` lists the first of them. */
  readonly orders: number
  readonly rows: number
  readonly first: readonly { readonly order: string; readonly rows: number }[]
  /** Number of orders with further rows that do not follow the others directly: the later values win. */
  readonly spread: number
  readonly spreadLines: readonly number[]
}

/**
 * Merges consecutive rows of one order if they are its lines, that is, if they differ in product, quantity, amount, or
 * a column that is not read. The first value of each fact wins; quantities are summed, and amounts too if they are
 * amounts of lines. Rows without such a difference are changes of a fact, and each of them counts.
 */
export class OrderLines {
  readonly #columns: Columns<string>
  readonly #read: ReadonlySet<number>
  #rows: { record: TableRecord; event: FileEvent }[] = []
  readonly #seen = new OccurrenceCounter()
  readonly #found = {
    orders: 0,
    rows: 0,
    first: [] as { order: string; rows: number }[],
    spread: 0,
    spreadLines: [] as number[],
  }

  constructor(columns: Columns<string>) {
    this.#columns = columns
    this.#read = new Set(
      Object.entries(columns).flatMap(([name, column]) =>
        column === undefined || lineColumns.has(name) ? [] : [column.index],
      ),
    )
  }

  get found(): OrderLinesFound {
    return this.#found
  }

  /**
   * Rows have to be added in file order.
   * @returns the rows that are complete.
   */
  add(record: TableRecord, event: FileEvent): readonly OrderRows[] {
    const [first] = this.#rows
    const isSame = first?.event.order === event.order && first.event.occurredAt === event.occurredAt
    const complete = isSame && this.#rows.length < maxRows ? [] : this.finish()
    if (this.#rows.length === 0) this.#countOrder(record, event)
    this.#rows.push({ record, event })
    return complete
  }

  /** Flushes the rows that are waiting for more lines. */
  finish(): readonly OrderRows[] {
    const rows = this.#rows
    this.#rows = []
    const [first, ...more] = rows
    if (first === undefined) return []
    if (!more.some(({ record }) => this.#areLines(first.record, record)))
      return rows.map(({ record, event }) => ({ record, others: [], event }))
    this.#found.orders += 1
    this.#found.rows += rows.length
    if (this.#found.first.length < shownOrders) this.#found.first.push({ order: first.event.order, rows: rows.length })
    const event = this.#merged(rows.map((row) => row.event))
    const records = rows.map(({ record }) => record)
    return [{ record: records.at(-1) ?? first.record, others: records.slice(0, -1), event }]
  }

  #areLines(a: TableRecord, b: TableRecord): boolean {
    return a.cells.some((cell, i) => !this.#read.has(i) && cell !== (b.cells[i] ?? ''))
  }

  #merged(events: readonly FileEvent[]): FileEvent {
    const [first] = events
    if (first === undefined) throw new Error('an order has a row at least')
    const all = events.map(({ data }) => data)
    const data: FileEventData = {
      ...firstSaid(all),
      quantity: sumOf(all.map(({ quantity }) => quantity)),
      amount: this.#amountOf(all),
    }
    return { ...first, id: orderRowIdentity(first.order, first.occurredAt, data), data }
  }

  /**
   * A total that each row repeats is not the amount of its line: with different quantities the amounts would differ.
   */
  #amountOf(all: readonly FileEventData[]): number | undefined {
    const amounts = all.map(({ amount }) => amount).filter((amount) => amount !== undefined)
    const header = (this.#columns['amount']?.header ?? '')
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[\s_-]/g, '')
    const areEqual = new Set(amounts).size === 1 && amounts.length === all.length
    const isTotal = totals.test(header) || (areEqual && new Set(all.map(({ quantity }) => quantity)).size > 1)
    return isTotal ? amounts[0] : sumOf(amounts)
  }

  #countOrder({ line }: TableRecord, { order, occurredAt }: FileEvent): void {
    const digest = hash('sha256', `${order}\0${occurredAt}`, 'buffer')
    if (this.#seen.add(digest.readUInt32LE(0), digest.readUInt32LE(4)) === 1) return
    this.#found.spread += 1
    if (this.#found.spreadLines.length < shownOrders) this.#found.spreadLines.push(line)
  }
}

/** Columns in which the lines of an order differ. */
const lineColumns: ReadonlySet<string> = new Set(['product', 'quantity', 'amount'])

function firstSaid(all: readonly FileEventData[]): FileEventData {
  const [first, ...more] = all
  const said: Record<string, unknown> = { ...first }
  for (const data of more)
    for (const [name, value] of Object.entries(data)) if (said[name] === undefined) said[name] = value
  return said // the same fields, of other rows
}

/** Rounded to 15 digits, because sums of decimals are not exact. Undefined if no row has a value. */
function sumOf(numbers: readonly (number | undefined)[]): number | undefined {
  const said = numbers.filter((number) => number !== undefined)
  return said.length === 0 ? undefined : Number(said.reduce((sum, number) => sum + number, 0).toPrecision(15))
}
