import type { EventWriter } from './event-writer.ts'
import { customers } from './plant-customers.ts'
import type { Tier } from './plant-customers.ts'
import { plantProcess } from './plant-definition.ts'
import type { PlantOrder } from './plant-order.ts'
import { products } from './plant-products.ts'
import { dayMs, hourMs, isWeekend, shortDate, startOfDay } from './plant-time.ts'
import type { RandomSource } from './random-source.ts'

/** Relative number of orders by hour of the day. */
const hourWeights = [1, 1, 1, 1, 1, 1, 1.5, 2.5, 5, 6, 6, 5.5, 4, 5.5, 6, 6, 5.5, 4.5, 3.5, 3, 3, 2.5, 2, 1.5]
const hours = hourWeights.map((weight, hour) => ({ weight, hour }))

const urgentRatio: Readonly<Record<Tier, number>> = { A: 0.12, B: 0.07, C: 0.04 }
const urgentDays = 3
const promiseHour = 18

/** Places the orders of customers. */
export class OrderIntake {
  readonly #writer: EventWriter
  readonly #random: RandomSource
  #month = ''
  #inMonth = 0

  constructor(writer: EventWriter, random: RandomSource) {
    this.#writer = writer
    this.#random = random
  }

  /** The times of the orders on the day that contains `at`, in ascending order. */
  dayPlan(at: number): number[] {
    const random = this.#random
    const count = isWeekend(at) ? random.integer(70, 76) : random.integer(78, 82)
    const start = startOfDay(at)
    const instants = Array.from({ length: count }, () => start + (this.#hour() + random.next()) * hourMs)
    return instants.toSorted((a, b) => a - b)
  }

  place(at: number): PlantOrder {
    const random = this.#random
    const customer = random.pickWeighted(customers)
    const product = random.pickWeighted(products)
    const urgent = random.chance(urgentRatio[customer.tier])
    const quantity = Math.max(1, Math.round(random.logNormal(product.defaultQuantity, 0.5)))
    const days = product.line.quotedDays - (urgent ? urgentDays : 0)
    const promisedAt = startOfDay(at) + days * dayMs + promiseHour * hourMs
    const order = {
      number: this.#number(at),
      customer,
      product,
      urgent,
      quantity,
      promisedAt,
      reworked: false,
      visit: undefined,
    }
    this.#writer.write('erp', 'order.placed', order.number, { data: placedData(order) })
    return order
  }

  #hour(): number {
    const [first, ...others] = hours
    return first === undefined ? 0 : this.#random.pickWeighted([first, ...others]).hour
  }

  /** Date and sequence number within the month, so that the last four digits distinguish open orders. */
  #number(at: number): string {
    const date = shortDate(at)
    const month = date.slice(0, 4)
    if (month !== this.#month) this.#inMonth = 0
    this.#month = month
    this.#inMonth += 1
    return `SO-${date}-${String(this.#inMonth).padStart(4, '0')}`
  }
}

function placedData({
  customer,
  product,
  urgent,
  quantity,
  promisedAt,
}: PlantOrder): Readonly<Record<string, unknown>> {
  return {
    customer: customer.name,
    customerClass: customer.tier,
    product: product.name,
    line: product.line.name,
    quantity,
    amount: quantity * product.unitPrice,
    currency: 'CNY',
    promisedAt,
    priority: urgent ? '加急' : '普通',
    process: plantProcess.code,
    department: product.line.department,
  }
}
