import { expect, test } from 'vitest'
import { checkSojourns } from './sojourn-figures.ts'

const exact = { visits: 3, meanMs: 2_000, p50Ms: 1_000, p90Ms: 4_000, p99Ms: 4_000 }
const check = (ours: Partial<typeof exact>) => () =>
  checkSojourns(new Map([['packing', { ...exact, ...ours }]]), new Map([['packing', exact]]))

test('figures may differ by the error of a histogram and by nothing else', () => {
  expect(check({ p90Ms: 4_039 })).not.toThrow()
  expect(check({ p90Ms: 4_041 })).toThrow('packing: p90Ms')
  expect(check({ visits: 4 })).toThrow('4 visits, not 3')
  expect(check({ meanMs: 2_002 })).toThrow('a mean of 2002')
  expect(check({ meanMs: Number.NaN })).toThrow('a mean of NaN')
  expect(() => checkSojourns(new Map(), new Map([['packing', exact]]))).toThrow('0 stages')
})
