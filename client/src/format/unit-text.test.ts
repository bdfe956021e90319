import { expect, it } from 'vitest'
import { formatAmount } from './unit-text.ts'

it('an amount has its currency, or none if it is unknown', () => {
  expect(formatAmount({ amount: 186_400, currency: 'CNY' }, 'en')).toBe('¥186,400')
  expect(formatAmount({ amount: 12.5, currency: 'USD' }, 'zh')).toBe('$12.5')
  expect(formatAmount({ amount: 12.5, currency: 'dollars' }, 'en')).toBe('12.5')
  expect(formatAmount({ amount: 7 }, 'en')).toBe('7')
  expect(formatAmount({}, 'en')).toBeUndefined()
})
