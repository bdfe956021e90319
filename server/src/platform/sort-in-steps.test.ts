import { expect, it } from 'vitest'
import { sortInSteps } from './sort-in-steps.ts'

interface Item {
  readonly value: number
  readonly place: number
}

const byValue = (a: Item, b: Item) => a.value - b.value

it.each([0, 1, 2, 511, 512, 513, 1_025, 10_000])(
  '%d items are sorted as at once, equal ones in their order',
  (count) => {
    const items = Array.from({ length: count }, (_, place): Item => ({ value: (place * 7_919) % 97, place }))
    const work = sortInSteps(items, byValue)
    let steps = 0
    let step = work.next()
    while (step.done !== true) {
      steps += 1
      step = work.next()
    }
    expect(step.value).toEqual(items.toSorted(byValue))
    expect(steps).toBeGreaterThanOrEqual(Math.floor(count / 512))
  },
)
