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
export function workMs(visit: PlantVisit, random: RandomSource): number {
  const { workHours, workSigma } = stagePlans[visit.stage]
  const snag = random.chance(snagRatio) ? random.between(snagFactor.from, snagFactor.to) : 1
  const urgency = visit.order.urgent ? urgentFactor : 1
  return random.logNormal(workHours, workSigma) * snag * urgency * content(visit) * hourMs
}

/** How much there is to do for this order, relative to the average. */
function content({ order, stage }: PlantVisit): number {
  if (stage === 'transit') return order.customer.region.distance
  if (stage === 'produce') return order.product.line.effort * (order.reworked ? reworkFactor : 1)
  return 1
}
