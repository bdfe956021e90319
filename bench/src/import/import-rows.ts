import { stages } from '../ingest/order-events.ts'
import { seededRandom } from '../seeded-random.ts'

export const importHeader = 'order_id,stage,timestamp,actor,customer,product,department'
const ordersAtOnce = 2_000
const secondMs = 1_000

/** The export of an order management system, in order of time: one row for each stage that an order has entered. */
export function* importRows(count: number): Generator<string> {
  const random = seededRandom(2)
  const firstAt = Date.UTC(2026, 0, 5)
  const steps = new Uint8Array(ordersAtOnce)
  const numbers = Array.from({ length: ordersAtOnce }, (_, i) => i)
  let placed = ordersAtOnce
  for (let i = 0; i < count; i++) {
    const place = Math.floor(random() * ordersAtOnce)
    const number = numbers[place] ?? 0
    const step = steps[place] ?? 0
    steps[place] = (step + 1) % stages.length
    if (step + 1 === stages.length) numbers[place] = placed++
    const at = new Date(firstAt + i * secondMs).toISOString()
    yield `SO-${number},${stages[step]},${at},u${number % 40},C-${number % 300},P-${number % 80},D-${number % 5}`
  }
}
