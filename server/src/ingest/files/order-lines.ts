import { hash } from 'node:crypto'
import type { TableRecord } from '../tables/table-file.ts'
import type { FileEvent, FileEventData } from './file-event.ts'
import type { Columns } from './find-columns.ts'
import { OccurrenceCounter } from './occurrence-counter.ts'
import { orderRowIdentity } from './order-row.ts'

/** An event of an order, and the rows that say it; the last one stands for them. */
export interface OrderRows {
  readonly record: TableRecord
  /** The rows before, with which it counts. */
  readonly others: readonly TableRecord[]
  readonly event: FileEvent
}

/** An order of more rows is taken in parts. */
const maxRows = 10_000
const shownOrders = 3
/** Columns of totals, which each row of an order may repeat. */
const totals = /^(?:order|grand)?total$|^价税合计$/

/** What was found of orders with several rows. */
export interface OrderLinesFound {
  /** Orders whose rows were taken together, with the first of them. */
  readonly orders: number
  readonly rows: number
  readonly first: readonly { readonly order: string; readonly rows: number }[]
  /** Orders that came again apart from their other rows: what they say later counts. */
  readonly spread: number
  readonly spreadLines: readonly number[]
}

/**
 * Takes the rows of one order that follow each other together when they are lines of it: when they differ in product,
 * quantity, amount, or a column that is not read. Of facts the first one that is said counts; quantities are summed, and
 * amounts where they are of lines. Rows that differ in nothing of a line are a fact that has changed: each of them counts.
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

  /** Takes the rows in the order of the file. @returns those that are complete. */
  add(record: TableRecord, event: FileEvent): readonly OrderRows[] {
    const [first] = this.#rows
    const isSame = first?.event.order === event.order && first.event.occurredAt === event.occurredAt
    const complete = isSame && this.#rows.length < maxRows ? [] : this.finish()
    if (this.#rows.length === 0) this.#countOrder(record, event)
    this.#rows.push({ record, event })
    return complete
  }

  /** The rows that waited for more. */
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

  /** A total that each row repeats is no amount of its line: other quantities would have others. */
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

/** What differs between the lines of an order. */
const lineColumns: ReadonlySet<string> = new Set(['product', 'quantity', 'amount'])

function firstSaid(all: readonly FileEventData[]): FileEventData {
  const [first, ...more] = all
  const said: Record<string, unknown> = { ...first }
  for (const data of more)
    for (const [name, value] of Object.entries(data)) if (said[name] === undefined) said[name] = value
  return said // the same fields, of other rows
}

/** To the cent: sums of decimals are not exact. Undefined: no row says it. */
function sumOf(numbers: readonly (number | undefined)[]): number | undefined {
  const said = numbers.filter((number) => number !== undefined)
  return said.length === 0 ? undefined : Number(said.reduce((sum, number) => sum + number, 0).toPrecision(15))
}
