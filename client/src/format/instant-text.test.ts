import { expect, it } from 'vitest'
import { instantText } from './instant-text.ts'

const at = new Date(2026, 5, 9, 14, 6).getTime()

it('an instant of this year is written without the year', () => {
  const now = new Date(2026, 10, 25).getTime()
  expect(instantText(at, now, 'zh')).toBe('6月9日 14:06')
  expect(instantText(at, now, 'en')).toBe('9 Jun, 14:06')
})

it('an instant of another year is written with it', () => {
  const now = new Date(2027, 0, 1).getTime()
  expect(instantText(at, now, 'zh')).toBe('2026年6月9日 14:06')
  expect(instantText(at, now, 'en')).toBe('9 Jun 2026, 14:06')
})
