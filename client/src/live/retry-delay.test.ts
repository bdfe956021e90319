import { expect, it } from 'vitest'
import { retryDelayMs } from './retry-delay.ts'

it('a lost connection is retried after one to five seconds', () => {
  expect([retryDelayMs(undefined, 0), retryDelayMs('not_ready', 1)]).toEqual([1_000, 5_000])
})

it('a refused key is retried more slowly', () => {
  expect(retryDelayMs('unauthorized', 0)).toBe(12_000)
  expect(retryDelayMs('rate_limited', 1)).toBe(60_000)
})
