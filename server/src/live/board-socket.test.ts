import { expect, it } from 'vitest'
import { EventBudget, socketHandler } from './board-socket.ts'

it('reports what a handler throws or rejects with, and passes its arguments on at once', async () => {
  const errors: unknown[] = []
  const handled: number[] = []
  const handler = socketHandler(
    (error) => errors.push(error),
    (value: number): Promise<void> | undefined => {
      if (value === 0) throw new Error('thrown')
      if (value === 1) return Promise.reject(new Error('rejected'))
      handled.push(value)
      return undefined
    },
  )
  for (const value of [0, 1, 2]) handler(value)
  expect(handled).toEqual([2])
  await Promise.resolve()
  await new Promise((resolve) => void setImmediate(resolve))
  expect(errors).toEqual([new Error('thrown'), new Error('rejected')])
})

it('a client may send 200 events in five seconds, and then 200 more', () => {
  const budget = new EventBudget()
  const taken = (now: number) => Array.from({ length: 250 }, () => budget.take(now)).filter(Boolean).length
  expect(taken(1_000)).toBe(200)
  expect(taken(5_999)).toBe(0)
  expect(taken(6_000)).toBe(200)
})
