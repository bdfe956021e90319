import { expect, it } from 'vitest'
import { smallBoard } from '../live/testing/small-board.ts'
import { fallbackTexts } from './fallback-texts.ts'
import { sixNumbers } from './six-numbers.ts'

it('six numbers with their labels, a dash where there is none', () => {
  const { kpis } = smallBoard()
  expect(sixNumbers(kpis, fallbackTexts('en'), 'en')).toEqual([
    ['Overdue orders', '2'],
    ['Stalled', '0'],
    ['At risk', '0'],
    ['On time today', '—'],
    ['Open orders', '9'],
    ['Lead time', '—'],
  ])
  const full = { ...kpis, onTime: { signed: 35, onTime: 31 }, leadTime: { count: 9, medianMs: 6.2 * 86_400_000 } }
  expect(sixNumbers(full, fallbackTexts('zh'), 'zh').map(([, number]) => number)).toEqual([
    '2',
    '0',
    '0',
    '88.6%',
    '9',
    '6.2 天',
  ])
})
