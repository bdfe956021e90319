import { expect, test } from 'vitest'
import { deltaLatencies, rankOf } from './delta-latencies.ts'

const batches = [
  { position: '20', sentAt: 100, acceptedAt: 110 },
  { position: '10', sentAt: 90, acceptedAt: 130 },
]

test('a batch has arrived with the first delta that contains it, at each screen', () => {
  const one = [
    { position: '9', at: 105 },
    { position: '15', at: 140 },
    { position: '20', at: 200 },
  ]
  const other = [{ position: '25', at: 125 }]
  expect([...deltaLatencies(batches, [one, other], 'acceptedAt')]).toEqual([0, 10, 15, 90])
  expect([...deltaLatencies(batches, [one, other], 'sentAt')]).toEqual([25, 35, 50, 100])
})

test('a screen that did not receive the last batch is an error', () => {
  expect(() => deltaLatencies(batches, [[{ position: '19', at: 140 }]], 'sentAt')).toThrow('position 20')
})

test('percentiles are nearest ranks', () => {
  const values = Float64Array.from({ length: 200 }, (_, i) => i + 1)
  expect([0.5, 0.99, 1].map((ratio) => rankOf(values, ratio))).toEqual([100, 198, 200])
})
