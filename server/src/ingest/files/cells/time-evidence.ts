import type { DateOrder, OpenDate } from './date-text.ts'
import { dateOrders } from './date-text.ts'

/** How to read the dates of one form (`n.n.yyyy`), based on all cells of a column. */
export interface FormDecision {
  readonly form: string
  readonly rows: number
  /** Undefined: only cells that allow a single order are read. */
  readonly order: DateOrder | undefined
  /** Why there is no order: nothing proves one, or cells prove different orders. */
  readonly doubt: 'ambiguous' | 'contradictory' | undefined
  /** Number of cells that allow several orders. */
  readonly openRows: number
}

const orderBits: Readonly<Record<DateOrder, number>> = { dmy: 1, mdy: 2, ymd: 4 }
const yearLast = orderBits.dmy | orderBits.mdy
/** A number with at most `fewYears` different values is a year, one with more than `manyDays` is a day of the month. */
const fewYears = 2
const manyDays = 6

/** Collects the orders that the dates of one form allow. */
export class DateEvidence {
  readonly #form: string
  #rows = 0
  #openRows = 0
  #possible = orderBits.dmy | orderBits.mdy | orderBits.ymd
  /** The distinct first and last numbers below 32, one bit each, and whether larger ones occurred. */
  #firsts = 0
  #lasts = 0

  constructor(form: string) {
    this.#form = form
  }

  add({ numbers, days }: OpenDate): void {
    let orders = 0
    for (const order of dateOrders) if (days.has(order)) orders |= orderBits[order]
    // A day that exists in no order is no evidence for the other cells.
    if (orders === 0) return
    this.#rows += 1
    if (new Set(days.values()).size > 1) this.#openRows += 1
    this.#possible &= orders
    this.#firsts |= 1 << Math.min(numbers[0], 31)
    this.#lasts |= 1 << Math.min(numbers[2] % 100, 31)
  }

  decision(): FormDecision {
    const possible = this.#withoutUnlikelyYears(this.#possible)
    const order = dateOrders.find((candidate) => orderBits[candidate] === possible)
    const undecided = possible === 0 ? 'contradictory' : 'ambiguous'
    const doubt = order === undefined ? undecided : undefined
    return { form: this.#form, rows: this.#rows, order, doubt, openRows: this.#openRows }
  }

  /** For dates such as 03/11/26: a number that takes many values while the other hardly changes is not the year. */
  #withoutUnlikelyYears(possible: number): number {
    if (!this.#form.endsWith('yy') || this.#form.endsWith('yyyy')) return possible
    const [firsts, lasts] = [countBits(this.#firsts), countBits(this.#lasts)]
    if (lasts <= fewYears && firsts > manyDays) return possible & yearLast
    if (firsts <= fewYears && lasts > manyDays) return possible & orderBits.ymd
    return possible
  }
}

function countBits(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1
  return count
}

/** The order set by the user, if it is possible for this form: a year at the end cannot be first. */
export function toldOrder(form: string, order: DateOrder | undefined): DateOrder | undefined {
  return order === 'ymd' && form.endsWith('yyyy') ? undefined : order
}

/** The formats that the numbers of a form may allow. */
export function possibleFormats(form: string): string {
  const orders =
    form.endsWith('yyyy') || form.includes('.') ? dateOrders.filter((order) => order !== 'ymd') : dateOrders
  return orders.map((order) => formText(form, order)).join(' or ')
}

/** The format as a user would write it, for messages: `dd.MM.yyyy`. */
export function formText(form: string, order: DateOrder): string {
  const separator = form.charAt(1)
  const year = form.endsWith('yyyy') ? 'yyyy' : 'yy'
  const parts = { dmy: ['dd', 'MM', year], mdy: ['MM', 'dd', year], ymd: [year, 'MM', 'dd'] }[order]
  return parts.join(separator)
}
