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

/** One stay of an order in a stage. */
export interface PlantVisit {
  readonly order: PlantOrder
  readonly stage: StageCode
  readonly enteredAt: number
  /** Who has it; undefined while it waits. */
  owner?: string
  /** When the work will be done; trouble moves it. */
  finishAt: number
  /** The work stands still until then. */
  restsUntil: number
  /** Why it stood still. */
  reason?: string
}

/** Whether the order is still in that visit. */
export function isCurrent(visit: PlantVisit): boolean {
  return visit.order.visit === visit
}
