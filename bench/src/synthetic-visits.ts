import type { VisitRow } from '@stagewatch/server/engine/visit-columns.ts'
import type { VisitParts } from '@stagewatch/server/engine/visit-parts.ts'
import { seededRandom } from './seeded-random.ts'

const hourMs = 3_600_000
const none = { elapsedMs: 0, workingMs: 0 }
const noCauses: VisitParts['causes'] = new Map()
export const stageCount = 12
export const hourCount = 168
export const firstHour = Date.UTC(2026, 0, 5) / hourMs

/**
 * Finished visits of one week, the same in every run: each order passes every stage. Stages take from minutes to days,
 * with the long tail (log-normal) of real dwell times. The start of work is known of each visit.
 */
export function* syntheticVisits(count: number): Generator<VisitRow> {
  const random = seededRandom(20_260_105)
  for (let i = 0; i < count; i++) {
    const stage = i % stageCount
    const order = Math.floor(i / stageCount)
    const leftAt = firstHour * hourMs + Math.floor(random() * hourCount * hourMs)
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    const medianMs = 5 * 60_000 * 1.6 ** stage
    const dwellMs = Math.round(medianMs * Math.exp(0.9 * normal))
    const waitingMs = Math.floor(dwellMs * ((order % 100) / 100))
    const waiting = { elapsedMs: waitingMs, workingMs: waitingMs }
    yield {
      stage,
      order,
      department: order % 7,
      customer: (order * 7919) % 5000,
      customerClass: order % 3,
      product: (order * 104_729) % 300,
      enteredAt: leftAt - dwellMs,
      leftAt,
      workingMs: dwellMs,
      rework: random() < 0.05,
      hasTarget: true,
      parts: { isStarted: true, waiting, held: none, causes: noCauses },
      breach:
        dwellMs > 3 * medianMs ? { at: leftAt - dwellMs + 3 * medianMs, overdueMs: dwellMs - 3 * medianMs } : undefined,
    }
  }
}
