import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { ShortNumbers } from './short-numbers.ts'

/** A set of orders and their short numbers. */
class Orders {
  readonly set = new Set<string>()
  walks = 0
  readonly numbers = new ShortNumbers(() => {
    this.walks += 1
    return this.set
  })

  constructor(orders: Iterable<string> = []) {
    for (const order of orders) this.add(order)
  }

  add(order: string): void {
    this.set.add(order)
    this.numbers.add(order)
  }

  remove(order: string): void {
    this.set.delete(order)
    this.numbers.remove(order)
  }

  names(): string[] {
    return [...this.set].map((order) => this.numbers.of(order))
  }
}

const range = (count: number, make: (number: number) => string) => Array.from({ length: count }, (_, i) => make(i))
const padded = (number: number, length: number) => String(number).padStart(length, '0')

describe('an order is called', () => {
  test.for<[name: string, orders: string[], first: string]>([
    ['by its last four digits', range(50, (i) => `SO-2026-${padded(i, 5)}`), '#0000'],
    ['by its last part, where four digits are too few', range(10_001, (i) => `SO-2026-${padded(i, 5)}`), '#00000'],
    ['by its number without the word before it', ['Case 406', 'Case 1406', 'Case 7'], '#406'],
    ['by its first part, where the last is the year', range(50, (i) => `${1201 + i}/2026`), '#1201'],
    ['by number and year, where numbers begin anew', ['0001/2025', '0001/2026', '0002/2026'], '#0001/2025'],
    ['by the part in the middle', range(50, (i) => `ORD-${padded(i, 4)}-DE-CN`), '#0000'],
    ['by what differs at the front', range(50, (i) => `${padded(i, 4)}ABCDEFGHIJKLMNOPQRST`), '#0000'],
    ['by what differs within a long word', range(50, (i) => `PLANT${padded(i, 4)}ABCDEFGHIJKLMNOPQRST`), '#0000'],
    ['by Chinese signs', ['订单-一二三四五', '订单-一二三四六'], '#二三四五'],
    ['without cutting a sign in half', ['A-𠮷𠮷𠮷𠮷𠮷', 'A-𠮷𠮷𠮷𠮷吉'], '#𠮷𠮷𠮷𠮷'],
    ['by the whole, where there is nothing else', ['--', '---'], '#--'],
  ])('%s', ([, orders, first]) => {
    const names = new Orders(orders).names()
    expect(names[0]).toBe(first)
    expect(new Set(names).size).toBe(orders.length)
  })
})

describe('what orders are called', () => {
  const piece = fc.oneof(
    fc.constantFrom('SO', '2026', '2025', '0001', '0002', '-', '/', ' ', '单', '𠮷', 'A', 'a', '#'),
    fc.string({ maxLength: 3 }),
  )
  const number = fc
    .array(piece, { minLength: 1, maxLength: 6 })
    .map((pieces) => pieces.join(''))
    .filter((id) => id !== '')

  it('tells them apart, is found by search, and depends on nothing but which orders there are', () => {
    const step = fc.record({ order: number, removes: fc.boolean(), looks: fc.boolean() })
    fc.assert(
      fc.property(
        fc.uniqueArray(number, { maxLength: 12, size: 'max' }),
        fc.array(step, { maxLength: 20, size: 'max' }),
        (first, steps) => {
          const orders = new Orders(first)
          for (const { order, removes, looks } of steps) {
            if (removes) orders.remove([...orders.set][order.length % Math.max(1, orders.set.size)] ?? order)
            else orders.add(order)
            if (looks) orders.names()
          }
          const names = orders.names()
          expect(new Set(names).size).toBe(orders.set.size)
          for (const [i, order] of [...orders.set].entries()) expect(order).toContain(names[i]!.slice(1))
          expect(new Orders(orders.set).names()).toEqual(names)
        },
      ),
      propertyRuns,
    )
  })

  it('costs no walk over the orders for each new one', () => {
    const orders = new Orders(range(5_000, (i) => `SO-2026-${padded(i, 5)}`))
    orders.names()
    const { walks } = orders
    for (let i = 5_000; i < 9_000; i++) {
      orders.add(`SO-2026-${padded(i, 5)}`)
      orders.numbers.of('SO-2026-00000')
    }
    expect(orders.walks).toBe(walks)
  })

  it('is chosen in a moment for a hundred thousand orders', () => {
    const orders = new Orders(range(100_000, (i) => `${padded(i, 6)}/2026`))
    const begin = performance.now()
    expect(orders.numbers.of('000000/2026')).toBe('#000000')
    expect(performance.now() - begin).toBeLessThan(2_000)
  })
})
