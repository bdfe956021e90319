import { expect, it } from 'vitest'
import { shedWorkOf } from './shed-work.ts'

it('work is given up in the order of what the callers of a route may do', () => {
  expect([shedWorkOf('POST', 'events.append'), shedWorkOf('GET', 'numbers.read')]).toEqual(['events', 'history'])
  expect([shedWorkOf('GET', 'orders.read'), shedWorkOf('GET', 'board.read')]).toEqual(['orders', 'reads'])
  expect([shedWorkOf('GET', 'everyone'), shedWorkOf('POST', 'everyone')]).toEqual(['reads', 'reads'])
})

it('what people do to orders is kept as long as events, and what they look up for it as long as orders', () => {
  for (const access of ['orders.act', 'orders.manage'] as const) {
    expect(['GET', 'POST', 'DELETE'].map((method) => shedWorkOf(method, access))).toEqual([
      'orders',
      'events',
      'events',
    ])
  }
})
