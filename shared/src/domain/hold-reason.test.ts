import { expect, it } from 'vitest'
import { holdReasonOf, latestHoldEnd } from './hold-reason.ts'

const material = { name: { zh: '等物料', en: 'Waiting for material' }, maxMs: 5_000 }
const customer = { name: { zh: '客户要求', en: 'Customer asked' } }
const reasons = [material, customer]

it('is named in any language, and by nothing else', () => {
  expect(holdReasonOf(reasons, '等物料')).toBe(material)
  expect(holdReasonOf(reasons, ' Customer asked ')).toBe(customer)
  expect(holdReasonOf(reasons, 'Waiting')).toBeUndefined()
  expect(holdReasonOf(undefined, '等物料')).toBeUndefined()
})

it('may set a latest end, from the beginning of the hold', () => {
  expect(latestHoldEnd(reasons, 'Waiting for material', 1_000)).toBe(6_000)
  expect(latestHoldEnd(reasons, 'Customer asked', 1_000)).toBeUndefined()
  expect(latestHoldEnd(reasons, 'something else', 1_000)).toBeUndefined()
})
