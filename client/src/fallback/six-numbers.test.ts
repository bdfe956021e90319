import { expect, it } from 'vitest'
import { smallBoard } from '../live/testing/small-board.ts'
import { loadFallbackTexts } from './six-numbers.ts'
import { oldDataText, shownAge, sixNumbers, staleDataAge } from './six-numbers.ts'

const files = import.meta.glob<object>('../locales/*/{common,fallback,wall}.json', { import: 'default' })

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

it('numbers are not to be relied on when the server has no database, or does not respond', async () => {
  const texts = await loadFallbackTexts('en', files)
  const age = (receivedMs: number | undefined, more = {}) =>
    shownAge({ receivedMs, staleMs: undefined, isAway: false, ...more }, texts)
  expect(age(24_000)).toEqual({ text: '24 s ago', isStale: false })
  const lost = 'No response from the server · data from 26 s ago · do not rely on it'
  expect(age(26_000)).toEqual({ text: lost, isStale: true })
  const away = 'Database unreachable · data from 12 s ago · do not rely on it'
  expect(age(12_000, { isAway: true })).toEqual({ text: away, isStale: true })
  expect(age(2_000, { staleMs: 10_000 })).toEqual({ text: away, isStale: true })
  expect(age(undefined)).toEqual({ text: 'Connecting', isStale: false })
  expect(age(undefined, { isAway: true })).toEqual({ text: 'Database unreachable', isStale: true })
})

it('data that ends long ago is named with its age and the way to replay it', async () => {
  const texts = await loadFallbackTexts('en', files)
  const [lastMovedOn, dayMs] = [Date.parse('2025-06-03T00:00:00+08:00'), 86_400_000]
  expect(oldDataText(lastMovedOn, lastMovedOn + 1_542 * dayMs, texts, 'en')).toBe(
    'Data ends 1,542 d ago. To replay an imported file as if it were happening now: stagewatch replay FILE --shift-to-now',
  )
  expect(oldDataText(lastMovedOn, lastMovedOn + 2 * dayMs, texts, 'en')).toBeUndefined()
  expect(oldDataText(undefined, lastMovedOn, texts, 'en')).toBeUndefined()
})
