import { shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import type { EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { randomNumbers } from '../random-numbers.ts'
import { hourMs, isWorking, minuteMs } from './simulated-time.ts'

export const process: ProcessDefinition = { ...shipping, acceptsNewStages: false }

/** Who sends an event: the ERP in batches, a scanner one by one, or a file that is imported at night. */
export type Sender = 'erp' | 'scanner' | 'file'

export interface PlannedEvent {
  readonly event: OrderEvent
  readonly sender: Sender
  /** When its sender has it. */
  readonly sendAt: number
}

export const faultKinds = [
  'kill server',
  'restart server',
  'kill database',
  'fill disk',
  'set clock',
  'pause network',
] as const
export type FaultKind = (typeof faultKinds)[number]

export interface PlannedFault {
  readonly at: number
  readonly kind: FaultKind
  /** Which of the two servers. */
  readonly server: 0 | 1
}

export interface WeekPlan {
  /** In the order in which they are sent. */
  readonly events: readonly PlannedEvent[]
  readonly faults: readonly PlannedFault[]
}

/** So that a short run has as much to do as the beginning of a long one. */
const shortRunMs = 4 * hourMs
const ordersPerHour = { usual: { working: 60, resting: 20 }, short: { working: 600, resting: 400 } }
const faultsPerDay = 8

/** What happens between two instants. The same seed gives the same plan. */
export function planWeek(seed: number, from: number, to: number): WeekPlan {
  // Streams of their own, so that the faults do not depend on the number of orders.
  return { events: planEvents(randomNumbers(seed), from, to), faults: planFaults(randomNumbers(seed + 1), from, to) }
}

function planEvents(random: () => number, from: number, to: number): PlannedEvent[] {
  const planned: PlannedEvent[] = []
  const rates = to - from < shortRunMs ? ordersPerHour.short : ordersPerHour.usual
  let number = 0
  for (let hour = from; hour < to; hour += hourMs) {
    const perHour = isWorking(hour) ? rates.working : rates.resting
    for (let i = 0; i < perHour; i++) planned.push(...planOrder(`W-${number++}`, hour + random() * hourMs, random))
  }
  return planned.filter(({ sendAt }) => sendAt < to).toSorted((a, b) => a.sendAt - b.sendAt)
}

function planOrder(order: string, placedAt: number, random: () => number): PlannedEvent[] {
  let at = Math.floor(placedAt)
  const after = (least: number, most: number): number => {
    at += Math.floor((least + random() * (most - least)) * minuteMs)
    return at
  }
  const told: OrderEvent[] = []
  const tell = (type: EventType, stage?: string): void => {
    const id = `${order}-${told.length}`
    const event = { source: 'wms', id, type, order, occurredAt: at, data: {} }
    told.push(stage === undefined ? event : { ...event, stage })
  }
  tell('order.placed')
  for (const [stage, most] of [
    ['picking', 230],
    ['packing', 120],
    ['labelling', 60],
  ] as const) {
    after(1, 25)
    tell('stage.entered', stage)
    if (random() < 0.12) {
      after(2, 20)
      tell('order.held')
      after(10, 150)
      tell('order.resumed')
    }
    after(5, most)
    // Some get stuck, so that they are overdue for hours.
    if (random() < 0.03) after(240, 600)
    if (random() < 0.04) {
      tell('order.cancelled')
      break
    }
    if (random() < 0.5) tell('stage.completed', stage)
  }
  if (told.at(-1)?.type !== 'order.cancelled') {
    after(1, 10)
    tell('stage.entered', 'shipped')
  }
  // All events of some orders are in the file, because they come from a system without an interface.
  const isInFile = random() < 0.1
  return told.map((event) => {
    const chance = random()
    if (isInFile) return { event, sender: 'file', sendAt: nextImportAt(event.occurredAt) }
    // Most at once, some late, a few very late, so that they arrive out of order.
    const lateMs = chance < 0.85 ? random() * 20_000 : chance < 0.98 ? random() * hourMs : random() * 8 * hourMs
    const sender = event.type === 'stage.completed' || event.type === 'order.held' ? 'scanner' : 'erp'
    return { event, sender, sendAt: event.occurredAt + lateMs }
  })
}

/** Every day at half past five, before the first shift. */
function nextImportAt(occurredAt: number): number {
  const [dayMs, ofDayMs] = [24 * hourMs, 5.5 * hourMs]
  return (Math.floor((occurredAt - ofDayMs) / dayMs) + 1) * dayMs + ofDayMs
}

function planFaults(random: () => number, from: number, to: number): PlannedFault[] {
  const count = Math.max(3, Math.round(((to - from) / (24 * hourMs)) * faultsPerDay))
  // Each kind in turn, so that a short run has different ones; at a random time within its share of the period.
  const offset = Math.floor(random() * faultKinds.length)
  return Array.from({ length: count }, (_, i) => ({
    at: from + ((i + 0.2 + 0.6 * random()) * (to - from)) / count,
    kind: faultKinds[(i + offset) % faultKinds.length] ?? 'kill server',
    server: random() < 0.5 ? 0 : 1,
  }))
}
