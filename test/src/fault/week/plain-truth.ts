import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { process } from './week-plan.ts'

/**
 * Counts as somebody would with pencil and paper, from all events and nothing else: independent of the code of the
 * product, and only for what the plan contains.
 */
export interface PlainBoard {
  readonly open: number
  readonly overdue: number
  readonly held: number
  readonly arrivedToday: number
  readonly endedToday: number
  readonly wip: Readonly<Record<string, number>>
  readonly overdueOrders: readonly string[]
}

/** A stay in a stage that has a target. */
export interface PlainVisit {
  readonly order: string
  readonly stage: string
  /** When it becomes overdue, if it lasts; undefined while it is on hold. */
  readonly dueAt: number | undefined
  /** When it ended; undefined: it has not. */
  readonly endedAt: number | undefined
}

interface Step {
  readonly stage: string
  readonly enteredAt: number
  endedAt?: number
  readonly holds: { readonly from: number; to?: number }[]
}

interface PlainOrder {
  readonly steps: Step[]
  readonly placedAt: number
  endedAt?: number
  isHeld: boolean
}

const dayMs = 86_400_000
const targets = new Map(process.stages.map(({ code, targetMs }) => [code, targetMs]))

/** The board at an instant, from the events that happened until then, whenever they arrived. */
export function plainBoard(byOrder: ReadonlyMap<string, readonly OrderEvent[]>, now: number): PlainBoard {
  const today = Math.floor(now / dayMs) * dayMs
  const wip: Record<string, number> = {}
  const overdueOrders: string[] = []
  const counts = { open: 0, held: 0, arrivedToday: 0, endedToday: 0 }
  for (const [order, events] of byOrder) {
    const { placedAt, endedAt, isHeld, steps } = follow(events)
    if (placedAt >= today) counts.arrivedToday += 1
    if (endedAt !== undefined && endedAt >= today) counts.endedToday += 1
    if (endedAt !== undefined) continue
    counts.open += 1
    const step = steps.at(-1)
    if (step === undefined || step.endedAt !== undefined) continue
    wip[step.stage] = (wip[step.stage] ?? 0) + 1
    if (isHeld) counts.held += 1
    const dueAt = dueAtOf(step, now)
    if (dueAt !== undefined && now >= dueAt) overdueOrders.push(order)
  }
  return { ...counts, overdue: overdueOrders.length, wip, overdueOrders: overdueOrders.toSorted() }
}

/** All stays in stages with a target. */
export function plainVisits(byOrder: ReadonlyMap<string, readonly OrderEvent[]>, now: number): PlainVisit[] {
  return [...byOrder].flatMap(([order, events]) =>
    follow(events).steps.map((step) => ({
      order,
      stage: step.stage,
      dueAt: dueAtOf(step, step.endedAt ?? now),
      endedAt: step.endedAt,
    })),
  )
}

/** Events that happened in the same millisecond are not planned. */
function follow(events: readonly OrderEvent[]): PlainOrder {
  const sorted = events.toSorted((a, b) => a.occurredAt - b.occurredAt)
  const found: PlainOrder = { steps: [], placedAt: sorted[0]?.occurredAt ?? 0, isHeld: false }
  const leave = (at: number): void => {
    const step = found.steps.at(-1)
    if (step !== undefined) step.endedAt ??= at
  }
  for (const { type, stage, occurredAt: at } of sorted) {
    const step = found.steps.at(-1)
    if (type === 'stage.entered') {
      leave(at)
      if (stage === 'shipped') found.endedAt = at
      else found.steps.push({ stage: stage ?? '', enteredAt: at, holds: found.isHeld ? [{ from: at }] : [] })
    } else if (type === 'stage.completed') {
      leave(at)
    } else if (type === 'order.cancelled') {
      leave(at)
      found.endedAt = at
    } else if (type === 'order.held') {
      found.isHeld = true
      step?.holds.push({ from: at })
    } else if (type === 'order.resumed') {
      found.isHeld = false
      const hold = step?.holds.at(-1)
      if (hold !== undefined) hold.to ??= at
    }
  }
  return found
}

/** The clock of a target stops during holds. */
function dueAtOf({ stage, enteredAt, holds }: Step, until: number): number | undefined {
  let dueAt = enteredAt + (targets.get(stage) ?? Infinity)
  for (const { from, to } of holds) {
    if (from >= dueAt) break
    if (to === undefined || to > until) return undefined
    dueAt += to - from
  }
  return dueAt === Infinity ? undefined : dueAt
}
