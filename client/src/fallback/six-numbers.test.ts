import { expect, it } from 'vitest'
import { smallBoard } from '../live/testing/small-board.ts'
import { loadFallbackTexts } from './six-numbers.ts'
import { staleDataAge, sixNumbers } from './six-numbers.ts'

const files = import.meta.glob<object>('../locales/*/{common,wall}.json', { import: 'default' })

it('six numbers with their labels, a dash where there is none', async () => {
  const { kpis } = smallBoard()
  expect(sixNumbers(kpis, await loadFallbackTexts('en', files), 'en')).toEqual([
    ['Overdue orders', '2'],
    ['Stalled', '0'],
    ['At risk', '0'],
    ['On time today', '—'],
    ['Open orders', '9'],
    ['Lead time', '—'],
  ])
  const full = { ...kpis, onTime: { signed: 35, onTime: 31 }, leadTime: { count: 9, medianMs: 6.2 * 86_400_000 } }
  const withoutLimits = { ...kpis, overdue: { ...kpis.overdue, count: 0, judged: 0 }, stalled: { count: 0, judged: 0 } }
  expect(sixNumbers(withoutLimits, await loadFallbackTexts('en', files), 'en').slice(0, 3)).toEqual([
    ['Overdue orders · no limits set', '—'],
    ['Stalled', '—'],
    ['At risk', '—'],
  ])
  expect(sixNumbers(full, await loadFallbackTexts('zh', files), 'zh').map(([, number]) => number)).toEqual([
    '2',
    '0',
    '0',
    '88.6%',
    '9',
    '6.2 天',
  ])
})

it('numbers of a server that cannot read its database are as old as it says', () => {
  const serverNow = Date.parse('2026-11-26T06:21:40Z')
  expect(staleDataAge(Date.parse('2026-11-26T14:20:00+08:00'), serverNow)).toBe(100_000)
  expect(staleDataAge(Date.parse('2026-11-26T14:30:00+08:00'), serverNow)).toBe(0)
  expect(staleDataAge(undefined, serverNow)).toBeUndefined()
})
