import type { Agenda } from './agenda.ts'
import type { EventWriter } from './event-writer.ts'
import type { StageCode } from './plant-definition.ts'
import type { PlantFloor } from './plant-floor.ts'
import type { PlantOrder } from './plant-order.ts'
import { dayMs, hourMs } from './plant-time.ts'
import type { RandomSource } from './random-source.ts'
import { cancelReasons, complaints } from './waiting-reasons.ts'

const cancelRatio = 0.025
const changeRatio = 0.06
const complaintRatio = 0.35

/** From production on, a customer can no longer cancel. */
const cancellable: ReadonlySet<StageCode> = new Set(['order', 'review', 'purchase', 'schedule'])

/** External incidents: customers change, cancel, or complain about orders. */
export class OrderIncidents {
  readonly #agenda: Agenda
  readonly #writer: EventWriter
  readonly #floor: PlantFloor
  readonly #random: RandomSource

  constructor(agenda: Agenda, writer: EventWriter, floor: PlantFloor, random: RandomSource) {
    this.#agenda = agenda
    this.#writer = writer
    this.#floor = floor
    this.#random = random
  }

  /** Decides which incidents a new order will have. */
  expect(order: PlantOrder): void {
    const random = this.#random
    if (random.chance(cancelRatio)) this.#agenda.after(random.between(0.5, 60) * hourMs, () => this.#cancel(order))
    if (random.chance(changeRatio)) this.#agenda.after(random.between(4, 110) * hourMs, () => this.#change(order))
    if (random.chance(complaintRatio)) this.#complainLater(order)
  }

  #cancel(order: PlantOrder): void {
    if (order.visit === undefined || !cancellable.has(order.visit.stage)) return
    this.#writer.write('erp', 'order.cancelled', order.number, { data: { reason: this.#random.pick(cancelReasons) } })
    this.#floor.remove(order)
  }

  #change(order: PlantOrder): void {
    if (order.visit === undefined) return
    if (this.#random.chance(0.7)) {
      order.promisedAt += this.#random.integer(1, 3) * dayMs
      this.#writer.write('erp', 'order.changed', order.number, { data: { promisedAt: order.promisedAt } })
    } else {
      const quantity = Math.ceil(order.quantity * this.#random.between(1.05, 1.4))
      const amount = quantity * order.product.unitPrice
      this.#writer.write('erp', 'order.changed', order.number, { data: { quantity, amount } })
    }
  }

  /** Complains for a customer who is still waiting more than a day after the promised time. */
  #complainLater(order: PlantOrder): void {
    this.#agenda.at(order.promisedAt + this.#random.between(15, 40) * hourMs, () => {
      if (order.visit === undefined) return
      this.#writer.write('portal', 'complaint.filed', order.number, { data: { text: this.#random.pick(complaints) } })
    })
  }
}
