import { describe, expect, it } from 'vitest'
import { formatCount, formatNet, formatPercent, formatShort } from './quantity.ts'

describe('numbers', () => {
  it('are grouped by thousands, and shortened from a million on', () => {
    expect(formatCount(1742, 'zh')).toBe('1,742')
    expect(formatCount(999_999, 'en')).toBe('999,999')
    expect(formatCount(1_230_000, 'zh')).toBe('123 万')
    expect(formatCount(1_230_000, 'en')).toBe('1.2M')
  })

  it('show growth with its sign, a true minus, and no sign at zero', () => {
    expect(formatNet(19)).toBe('+19')
    expect(formatNet(-2)).toBe('\u22122')
    expect(formatNet(0)).toBe('0')
  })

  it('have a decimal only below ten', () => {
    expect([0.2, 5.2, 6, 9.96, 46.4].map(formatShort)).toEqual(['0.2', '5.2', '6', '10', '46'])
  })

  it('tell targets in percent without a needless decimal', () => {
    expect(formatPercent(0.95)).toBe('95%')
    expect(formatPercent(0.995)).toBe('99.5%')
  })
})
