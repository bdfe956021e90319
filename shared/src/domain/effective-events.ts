import { compareEvents, eventIdentity } from './event-order.ts'
import { runToEnd } from './run-to-end.ts'
import type { OrderEvent } from './order-event.ts'

/** The events of an order that count, in the order in which they apply. */
export interface EffectiveEvents {
  /** Without duplicates, voided events and the voids themselves. */
  readonly events: readonly OrderEvent[]
  /** Identities of voided events that have not arrived yet. */
  readonly voidedAhead: readonly string[]
}

/** Sorts the events of one order and removes voided ones and duplicates, independent of the order of arrival. */
export function effectiveEvents(order: string, log: readonly OrderEvent[]): EffectiveEvents {
  return runToEnd(effectiveSteps(order, log))
}

/** Number of events per step: some hundred µs. */
const eventsPerStep = 512

/** The same in steps, so that a long order does not block the event loop. */
export function* effectiveSteps(order: string, log: readonly OrderEvent[]): Generator<void, EffectiveEvents> {
  if (log.length <= shortLog && isPlain(order, log)) {
    return { events: isSorted(log) ? log : log.toSorted(compareEvents), voidedAhead: [] }
  }
  const known = new Set<string>()
  const events: OrderEvent[] = []
  const voids: OrderEvent[] = []
  const sorted = yield* sortSteps(log.filter((entry) => entry.order === order))
  for (const [i, event] of sorted.entries()) {
    if (i % eventsPerStep === 0) yield
    const identity = identityOf(event)
    if (known.has(identity)) continue
    known.add(identity)
    if (event.type === 'event.voided') voids.push(event)
    else events.push(event)
  }
  if (voids.length === 0) return { events, voidedAhead: [] }
  const voided = voidedIdentities(voids)
  return {
    events: events.filter((event) => !voided.has(identityOf(event))),
    voidedAhead: [...voided].filter((identity) => !known.has(identity)).toSorted(),
  }
}

/** For most orders: comparing each pair of events is cheaper than building a set of their identities. */
const shortLog = 16

/** Whether all events belong to the order, none is repeated, and none is a void. */
function isPlain(order: string, log: readonly OrderEvent[]): boolean {
  return log.every((event, i) => event.order === order && event.type !== 'event.voided' && !isAmong(event, log, i))
}

function isAmong({ source, id }: OrderEvent, log: readonly OrderEvent[], end: number): boolean {
  for (let i = 0; i < end; i++) if (log[i]?.id === id && log[i]?.source === source) return true
  return false
}

function isSorted(log: readonly OrderEvent[]): boolean {
  return log.every((event, i) => {
    const before = log[i - 1]
    return before === undefined || compareEvents(before, event) <= 0
  })
}

/** Sorting a few sorted runs takes little more than one comparison per event. */
function* sortSteps(events: readonly OrderEvent[]): Generator<void, readonly OrderEvent[]> {
  if (events.length <= eventsPerStep) return events.toSorted(compareEvents)
  const runs: OrderEvent[][] = []
  for (let from = 0; from < events.length; from += eventsPerStep) {
    runs.push(events.slice(from, from + eventsPerStep).toSorted(compareEvents))
    yield
  }
  return runs.flat().toSorted(compareEvents)
}

/**
 * Identities of voided events. Voids are processed from the last to the first, so that a voided void has no effect.
 * @param voids In the order in which they apply.
 */
export function voidedIdentities(voids: readonly OrderEvent[]): ReadonlySet<string> {
  return new Set(effectiveVoids(voids).map(({ data }) => eventIdentity(String(data['source']), String(data['id']))))
}

/** The voids that have an effect, last first. @param log In the order in which it applies. */
export function effectiveVoids(log: readonly OrderEvent[]): OrderEvent[] {
  const voided = new Set<string>()
  const effective: OrderEvent[] = []
  for (const event of log.toReversed()) {
    const { source, id } = event.data
    if (event.type !== 'event.voided' || typeof source !== 'string' || typeof id !== 'string') continue
    if (voided.has(identityOf(event))) continue
    voided.add(eventIdentity(source, id))
    effective.push(event)
  }
  return effective
}

function identityOf(event: OrderEvent): string {
  return eventIdentity(event.source, event.id)
}
