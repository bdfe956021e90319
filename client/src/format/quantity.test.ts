import { describe, expect, it } from 'vitest'
import { formatCount, formatNet, formatPercent, formatShare, formatShort } from './quantity.ts'

describe('numbers', () => {
  it('are grouped by thousands, and shortened from a million on', () => {
    expect(formatCount(1742, 'zh')).toBe('1,742')
    expect(formatCount(999_999, 'en')).toBe('999,999')
    expect(formatCount(1_230_000, 'zh')).toBe('123万')
    expect(formatCount(1_230_000, 'en')).toBe('1.23M')
  })

  it('show growth with its sign, a true minus, and no sign at zero', () => {
    expect(formatNet(19, 'en')).toBe('+19')
    expect(formatNet(-2, 'en')).toBe('\u22122')
    expect(formatNet(0, 'en')).toBe('0')
  })

  it('have a decimal only below ten', () => {
    expect([0.2, 5.2, 6, 9.96, 46.4].map((value) => formatShort(value, 'en'))).toEqual(['0.2', '5.2', '6', '10', '46'])
  })

  it('never round a part to nothing or to the whole', () => {
    expect([formatShare(0, 9, 'en'), formatShare(1, 400, 'en'), formatShare(3, 400, 'en')]).toEqual(['0', '<1', '1'])
    expect([formatShare(399, 400, 'en'), formatShare(400, 400, 'en'), formatShare(1, 2, 'en')]).toEqual([
      '>99',
      '100',
      '50',
    ])
    expect([formatShare(2999, 3000, 'en', 1), formatShare(3000, 3000, 'en', 1)]).toEqual(['>99.9', '100.0'])
    expect([formatShare(1, 3000, 'en', 1), formatShare(31, 35, 'en', 1), formatShare(0, 0, 'en')]).toEqual([
      '<0.1',
      '88.6',
      '—',
    ])
  })

  it('show targets in percent without an unnecessary decimal', () => {
    expect(formatPercent(0.95, 'en')).toBe('95%')
    expect(formatPercent(0.995, 'en')).toBe('99.5%')
  })

  it('show ratios neither as nothing nor as everything when they are not', () => {
    expect([formatPercent(1 / 4_000, 'en'), formatPercent(0, 'en')]).toEqual(['<0.1%', '0%'])
    expect([formatPercent(2_999 / 3_000, 'zh'), formatPercent(1, 'zh')]).toEqual(['>99.9%', '100%'])
  })
})
