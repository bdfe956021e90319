import type { PlantVisit } from './plant-order.ts'
import { hourMs } from './plant-time.ts'
import type { RandomSource } from './random-source.ts'
import { stagePlans } from './stage-plan.ts'

/** How often work meets an obstacle of its own, and how much longer it takes then. */
const snagRatio = 0.035
const snagFactor = { from: 1.4, to: 2.4 }
const urgentFactor = 0.85
const reworkFactor = 0.4

/** How long the work on an order takes in a stage once it has started. */
export function workMs({ order, stage }: PlantVisit, random: RandomSource): number {
  const { workHours, workSigma } = stagePlans[stage]
  const median = stage === 'transit' ? order.customer.region.transitHours : workHours
  const snag = random.chance(snagRatio) ? random.between(snagFactor.from, snagFactor.to) : 1
  const urgency = order.urgent ? urgentFactor : 1
  const content = stage === 'produce' ? order.product.line.effort * (order.reworked ? reworkFactor : 1) : 1
  return random.logNormal(median, workSigma) * snag * urgency * content * hourMs
}
