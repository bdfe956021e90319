import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { hourMs, minuteMs, secondMs } from './plant-time.ts'
import { startSample } from './run-sample.ts'
import type { SampleOptions } from './run-sample.ts'
import { simulatePlant } from './simulate-plant.ts'

const plant = { seed: 'runner', startAt: Date.UTC(2026, 4, 10, 6, 26) }

/** A store that accepts events like ingest does: each id once. */
class Store {
  readonly events = new Map<string, OrderEvent>()
  readonly batchSizes: number[] = []

  readonly submit = async (events: OrderEvent[]): Promise<void> => {
    this.batchSizes.push(events.length)
    for (const event of events) this.events.set(event.id, event)
    await nextTurn()
  }

  get lastOccurredAt(): number {
    return Math.max(...Array.from(this.events.values(), (event) => event.occurredAt))
  }
}

function start(clock: VirtualClock, store: Pick<Store, 'submit'>, more: Partial<SampleOptions> = {}) {
  return startSample({ clock, plant, submit: store.submit, onProblem: fail, ...more })
}

function fail(error: unknown): never {
  throw error
}

/** Ids of all events that the plant reports up to the instant. */
function reportedUntil(until: number): Set<string> {
  const ids = new Set<string>()
  for (const { reportedAt, event } of simulatePlant(plant)) {
    if (reportedAt > until) break
    ids.add(event.id)
  }
  return ids
}

/** Advances the clock by seconds, and lets the runner work in between. */
async function live(clock: VirtualClock, until: number): Promise<void> {
  while (clock.now() < until) {
    clock.advanceTo(Math.min(until, clock.now() + secondMs))
    for (let turn = 0; turn < 4; turn += 1) await nextTurn()
  }
}

test('the history is sent in batches with rising progress, and nothing that has not been reported', async () => {
  const clock = new VirtualClock(plant.startAt + 120 * hourMs)
  const store = new Store()
  const progress: number[] = []
  const sample = start(clock, store, { onProgress: (doneRatio) => progress.push(doneRatio) })
  await sample.caughtUp
  await sample.stop()
  expect(new Set(store.events.keys())).toEqual(reportedUntil(clock.now()))
  expect(store.lastOccurredAt).toBeLessThanOrEqual(clock.now())
  expect(store.batchSizes.length).toBeGreaterThan(1)
  expect(Math.max(...store.batchSizes)).toBeLessThanOrEqual(2000)
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  expect(progress.at(-1)).toBe(1)
})

test('live events come at the instant at which they are reported', async () => {
  const clock = new VirtualClock(plant.startAt + 40 * hourMs)
  const store = new Store()
  const sample = start(clock, store)
  await sample.caughtUp
  const before = store.events.size
  for (let minute = 0; minute < 20; minute += 1) {
    await live(clock, clock.now() + minuteMs)
    expect(new Set(store.events.keys())).toEqual(reportedUntil(clock.now()))
  }
  await sample.stop()
  expect(store.events.size).toBeGreaterThan(before)
})

test('a plant that was stopped in the middle of its history continues without a gap', async () => {
  const clock = new VirtualClock(plant.startAt + 120 * hourMs)
  const store = new Store()
  const first = start(clock, store, { onProgress: () => void first.stop() })
  await first.caughtUp
  await first.stop()
  expect(store.batchSizes).toEqual([2000])
  clock.advanceTo(clock.now() + hourMs)
  const second = start(clock, store, { lastReportedAt: store.lastOccurredAt })
  await second.caughtUp
  await second.stop()
  expect(new Set(store.events.keys())).toEqual(reportedUntil(clock.now()))
  expect(store.batchSizes[1]).toBeLessThan(2000)
})

test('a batch that was not taken is sent again', async () => {
  const clock = new VirtualClock(plant.startAt + 10 * hourMs)
  const store = new Store()
  const problems: unknown[] = []
  const overloaded = new Error('overloaded')
  const submit = (events: OrderEvent[]): Promise<void> =>
    problems.length < 2 ? Promise.reject(overloaded) : store.submit(events)
  const sample = start(clock, { submit }, { onProblem: (error) => problems.push(error) })
  await live(clock, clock.now() + 5 * secondMs)
  await sample.caughtUp
  await sample.stop()
  expect(problems).toEqual([overloaded, overloaded])
  expect(new Set(store.events.keys())).toEqual(reportedUntil(clock.now()))
})

test('stopping waits for the batch on its way and sends nothing more', async () => {
  const clock = new VirtualClock(plant.startAt + 120 * hourMs)
  const answer = Promise.withResolvers<void>()
  const sent: number[] = []
  const submit = (events: OrderEvent[]): Promise<void> => {
    sent.push(events.length)
    return answer.promise
  }
  const sample = start(clock, { submit })
  let ended = false
  const stopped = sample.stop().then(() => (ended = true))
  await nextTurn()
  expect(ended).toBe(false)
  answer.resolve()
  await stopped
  clock.advanceTo(clock.now() + hourMs)
  expect(sent).toEqual([2000])
})

test('a plant whose clock is set back says until when it stands still, once, and then goes on', async () => {
  const clock = new VirtualClock(plant.startAt + 40 * hourMs)
  const store = new Store()
  const waits: number[] = []
  const sample = start(clock, store, { onWaiting: (until) => waits.push(until) })
  await sample.caughtUp
  await live(clock, clock.now() + 10 * minuteMs)
  expect(waits).toEqual([])
  const [then, before] = [clock.now(), store.events.size]
  clock.set(then - hourMs)
  await live(clock, then - 5 * minuteMs)
  expect(waits).toHaveLength(1)
  expect(waits[0]).toBeGreaterThan(then)
  expect(store.events.size).toBe(before)
  await live(clock, then + 10 * minuteMs)
  await sample.stop()
  expect(new Set(store.events.keys())).toEqual(reportedUntil(clock.now()))
  expect(waits).toHaveLength(1)
})
