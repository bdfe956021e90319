import type { PlantVisit } from './plant-order.ts'
import { hourMs } from './plant-time.ts'
import type { RandomSource } from './random-source.ts'
import { stagePlans } from './stage-plan.ts'

/** Probability of an individual delay, and the factor by which it extends the work. */
const snagRatio = 0.035
const snagFactor = { from: 1.4, to: 2.4 }
const urgentFactor = 0.85
const reworkFactor = 0.4

/** Duration of the work on an order in a stage once it has started. */
export function workMs(visit: PlantVisit, random: RandomSource): number {
  const { workHours, workSigma } = stagePlans[visit.stage]
  const snag = random.chance(snagRatio) ? random.between(snagFactor.from, snagFactor.to) : 1
  const urgency = visit.order.urgent ? urgentFactor : 1
  return random.logNormal(workHours, workSigma) * snag * urgency * content(visit) * hourMs
}

/** Amount of work for this order relative to the average. */
function content({ order, stage }: PlantVisit): number {
  if (stage === 'transit') return order.customer.region.distance
  if (stage === 'produce') return order.product.line.effort * (order.reworked ? reworkFactor : 1)
  return 1
}
