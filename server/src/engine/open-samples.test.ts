import fc from 'fast-check'
import { expect, it } from 'vitest'
import { OpenSamples } from './open-samples.ts'

it('a visit is open from its start up to, not including, its end', () => {
  const samples = new OpenSamples<string>([10, 20, 30])
  samples.add('a', 10, 20)
  samples.add('a', 11, 30)
  samples.add('a', 21)
  samples.add('b', 11, 19)
  expect(samples.counts('a')).toEqual([1, 1, 1])
  expect(samples.counts('b')).toEqual([0, 0, 0])
  expect(samples.rows).toEqual(['a'])
})

it('equals counting each visit at each instant', () => {
  const instant = fc.integer({ min: 0, max: 50 })
  const visits = fc.array(fc.tuple(instant, fc.option(instant, { nil: Number.POSITIVE_INFINITY })))
  fc.assert(
    fc.property(fc.uniqueArray(instant), visits, (instants, pairs) => {
      const ascending = instants.toSorted((a, b) => a - b)
      const spans = pairs.map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
      const samples = new OpenSamples<string>(ascending)
      for (const { from, to } of spans) samples.add('row', from, to)
      const naive = ascending.map((at) => spans.filter(({ from, to }) => from <= at && at < to).length)
      expect(samples.counts('row')).toEqual(naive)
    }),
  )
})
