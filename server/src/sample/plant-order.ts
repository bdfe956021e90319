import type { Customer } from './plant-customers.ts'
import type { StageCode } from './plant-definition.ts'
import type { Product } from './plant-products.ts'

/** An order on its way through the plant. Instants are epoch ms. */
export interface PlantOrder {
  readonly number: string
  readonly customer: Customer
  readonly product: Product
  readonly urgent: boolean
  readonly quantity: number
  promisedAt: number
  /** Quality control has sent it back. */
  reworked: boolean
  /** Undefined between stages, and after the order has ended. */
  visit: PlantVisit | undefined
}

/** A visit of an order to a stage. */
export interface PlantVisit {
  readonly order: PlantOrder
  readonly stage: StageCode
  readonly enteredAt: number
  /** Undefined while the order waits. */
  owner?: string
  /** End of the work; a trouble may postpone it. */
  finishAt: number
  /** The work is interrupted until then. */
  restsUntil: number
  /** Reason of the interruption. */
  reason?: string
}

/** Whether the order is still in this visit. */
export function isCurrent(visit: PlantVisit): boolean {
  return visit.order.visit === visit
}
