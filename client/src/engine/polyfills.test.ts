import { expect, it } from 'vitest'
import { polyfills } from './polyfills.ts'

/** The polyfill itself, called as a method of `self`. */
function call(name: string, self: unknown, ...args: unknown[]): unknown {
  const { make } = polyfills.find((polyfill) => polyfill.name === name)!
  return Reflect.apply(make, self, args)
}

it('an array gives its elements from either end', () => {
  const letters = ['a', 'b', 'c']
  for (const index of [0, 2, 3, -1, -3, -4, 1.7, -1.7, Number.NaN, undefined as unknown as number]) {
    expect(call('at', letters, index)).toBe(letters.at(index))
  }
})

it('a sorted or reversed copy leaves the array as it was, holes and undefined included', () => {
  // oxlint-disable-next-line no-sparse-arrays -- this test is about a hole
  const numbers = [3, , 10, undefined, 2]
  const before = [...numbers]
  const down = (a: unknown, b: unknown) => Number(b) - Number(a)
  // Without a comparison function the order is by text: 10, 2, 3.
  expect(call('toSorted', numbers)).toEqual([10, 2, 3, undefined, undefined])
  expect(call('toSorted', numbers, down)).toEqual(numbers.toSorted(down))
  expect(call('toReversed', numbers)).toEqual(numbers.toReversed())
  expect([...numbers]).toEqual(before)
})

it('an inherited property is not an own one', () => {
  const child: object = Object.create({ inherited: 1 }, { own: { value: 1 } })
  expect(call('hasOwn', Object, child, 'own')).toBe(true)
  expect(call('hasOwn', Object, child, 'inherited')).toBe(false)
  expect(call('hasOwn', Object, Object.create(null), 'own')).toBe(false)
})

it('a promise with its resolvers settles by them', async () => {
  const first = call('withResolvers', Promise) as PromiseWithResolvers<number>
  first.resolve(1)
  expect(await first.promise).toBe(1)
  const second = call('withResolvers', Promise) as PromiseWithResolvers<number>
  second.reject(new Error('no'))
  await expect(second.promise).rejects.toThrow('no')
})
