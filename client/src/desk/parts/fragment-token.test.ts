import { expect, it } from 'vitest'
import { fragmentToken } from './fragment-token.ts'

it('the token of a link stands behind its hash', () => {
  expect(fragmentToken('#token=abc-_1')).toBe('abc-_1')
})

it('a link without one has none', () => {
  expect(fragmentToken('')).toBeUndefined()
  expect(fragmentToken('#top')).toBeUndefined()
})
