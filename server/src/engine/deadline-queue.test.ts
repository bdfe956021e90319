import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DeadlineQueue } from './deadline-queue.ts'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'

const anySlot = fc.oneof(fc.nat(12), fc.nat(3000))
/** Few instants, so that many are equal. */
const instant = fc.integer({ min: -5, max: 20 })
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), slot: anySlot, at: instant }),
  fc.record({ do: fc.constant('delete' as const), slot: anySlot }),
  fc.record({ do: fc.constant('pop' as const), now: instant }),
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
type Queue = Pick<DeadlineQueue, 'set' | 'delete' | 'peekAt' | 'popDue' | 'size'>

/** The reference implementation: a plain map with a linear search. */
class NaiveQueue implements Queue {
  readonly #deadlines = new Map<number, number>()

  get size() {
    return this.#deadlines.size
  }

  set(slot: number, at: number) {
    this.#deadlines.set(slot, at)
  }

  delete(slot: number) {
    return this.#deadlines.delete(slot)
  }

  peekAt() {
    return this.#first()?.[1]
  }

  popDue(now: number) {
    const [slot, at] = this.#first() ?? []
    if (slot === undefined || at === undefined || at > now) return undefined
    this.#deadlines.delete(slot)
    return slot
  }

  #first() {
    return [...this.#deadlines].toSorted(([slotA, atA], [slotB, atB]) => atA - atB || slotA - slotB)[0]
  }
}

/** All values that a queue returns for the steps. */
function play(queue: Queue, steps: readonly Step[]) {
  return steps.map((action) => {
    let answer: number | boolean | undefined
    if (action.do === 'set') queue.set(action.slot, action.at)
    else if (action.do === 'delete') answer = queue.delete(action.slot)
    else answer = queue.popDue(action.now)
    return { action, answer, size: queue.size, nextAt: queue.peekAt() }
  })
}

test('any sequence of set, delete and pop answers as a plain sorted list would', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
      expect(play(new DeadlineQueue(), steps)).toEqual(play(new NaiveQueue(), steps))
    }),
    propertyRuns,
  )
})

test('slots come out in the order of their deadlines, the moved and the cancelled ones too', () => {
  const queue = new DeadlineQueue()
  for (let i = 0; i < 100_000; i++) queue.set(i, (i * 7919) % 100_003)
  for (let i = 0; i < 100_000; i += 2) queue.set(i, (i * 104_729) % 100_003)
  for (let i = 0; i < 100_000; i += 5) queue.delete(i)
  const due: number[] = []
  for (let at = queue.peekAt(); at !== undefined; at = queue.peekAt()) {
    due.push(at)
    queue.popDue(at)
  }
  expect(due).toHaveLength(80_000)
  expect(due).toEqual(due.toSorted((a, b) => a - b))
})

test('a deadline is due at its very instant, and not before', () => {
  const queue = new DeadlineQueue()
  queue.set(3, 1000)
  expect(queue.popDue(999)).toBeUndefined()
  expect(queue.popDue(1000)).toBe(3)
  expect(queue.peekAt()).toBeUndefined()
})

test('an invalid slot or instant is rejected', () => {
  const queue = new DeadlineQueue()
  for (const bad of [-1, 0.5, Number.NaN]) expect(() => queue.set(bad, 0)).toThrow(RangeError)
  expect(() => queue.set(0, Number.NaN)).toThrow(RangeError)
  expect(queue.delete(-1)).toBe(false)
})
