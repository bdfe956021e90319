import { seededRandom } from '../seeded-random.ts'

export const stages = ['review', 'picking', 'packing', 'loading', 'transport', 'signing']
const ordersAtOnce = 2_000
const hourMs = 3_600_000

/** An event as a source sends it. */
export interface SentEvent {
  readonly source: string
  readonly id: string
  readonly type: string
  readonly order: string
  readonly occurredAt: string
  readonly stage?: string
  readonly actor?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/**
 * The events of a plant's systems in a few hours that end at `endsAt`. 2,000 orders are open at any time and each event
 * belongs to a random one, so that a batch touches hundreds of orders. `run` makes the events of different runs
 * distinct.
 */
export function orderEvents(count: number, run: number, endsAt: number): SentEvent[] {
  const random = seededRandom(run)
  const nextStep = new Map<number, number>()
  let placed = ordersAtOnce
  const underWay = Array.from({ length: ordersAtOnce }, (_, i) => i)
  return Array.from({ length: count }, (_, i) => {
    const place = Math.floor(random() * ordersAtOnce)
    const number = underWay[place] ?? 0
    const step = nextStep.get(number) ?? 0
    nextStep.set(number, step + 1)
    if (step === lastStep) underWay[place] = placed++
    const occurredAt = new Date(endsAt - ((count - i) * 4 * hourMs) / count).toISOString()
    return { source: 'erp', id: `${run}-${i}`, order: `SO-${run}-${number}`, occurredAt, ...stepOf(number, step) }
  })
}

const lastStep = 2 * stages.length + 1

/** An order is placed, enters and completes each stage, and is completed. */
function stepOf(number: number, step: number): Pick<SentEvent, 'type' | 'stage' | 'actor' | 'data'> {
  if (step === 0) {
    const data = { customer: `C-${number % 300}`, product: `P-${number % 80}`, quantity: (number % 90) + 1 }
    return { type: 'order.placed', data: { ...data, department: `D-${number % 5}` } }
  }
  if (step === lastStep) return { type: 'order.completed' }
  const stage = stages[(step - 1) >> 1] ?? ''
  return { type: step % 2 === 1 ? 'stage.entered' : 'stage.completed', stage, actor: `u${number % 40}` }
}
