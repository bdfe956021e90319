import { expect, it } from 'vitest'
import { limitPair } from './limit-pair.ts'

const hour = 3_600_000
const text = (median?: number, target?: number) => {
  const pair = limitPair(median && median * hour, target && target * hour, 'en')
  return pair && (pair.lead ? pair.lead.value + pair.lead.unit : '') + pair.value + pair.unit
}

it('median and limit share the unit of the limit', () => {
  expect(text(5.2, 6)).toBe('5.2/6h')
  expect(text(0.2, 0.5)).toBe('0.2/0.5h')
  expect(text(46, 72)).toBe('46/72h')
  expect(text(0.1, 0.25)).toBe('6/15m')
  expect(text(240, 480)).toBe('10/20d')
})

it('a median that is long in the unit of the limit, or nothing, has its own', () => {
  expect(text(8_159_181 / 60, 9 / 60)).toBe('5,666d/9m')
  expect(text(20, 9 / 60)).toBe('20h/9m')
  expect(text(2 / 60, 72)).toBe('2m/72h')
  expect(text(0, 72)).toBe('0/72h')
  expect(text(24 * 1200, 24 * 900)).toBe('1,200/900d')
})

it('what is missing is a dash or left out', () => {
  expect(text(undefined, 6)).toBe('—/6h')
  expect(text(5.2)).toBe('5.2h')
  expect(text()).toBeUndefined()
})
