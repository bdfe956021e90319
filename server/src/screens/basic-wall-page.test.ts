import { describe, expect, it } from 'vitest'
import { basicWallPage } from './basic-wall-page.ts'

const kpis = {
  overdue: { count: 2, unclaimed: 0, judged: 3_000, ceiling: 25 },
  stalled: { count: 0, judged: 3_000 },
  atRisk: { count: 1, soon: 0, soonWithinMs: 7_200_000, judged: 3_000 },
  onTime: { signed: 3_000, onTime: 2_999 },
  open: { count: 3_000, inToday: 1, outToday: 0 },
  leadTime: { count: 9, medianMs: 6.2 * 86_400_000 },
}
const current = { kind: 'numbers', kpis, site: 'Hall <1>', time: '14:20:00', isCutOff: false } as const

const figuresOf = (html: string): string[] => Array.from(html.matchAll(/<b>([^<]*)<\/b>/g), ([, text = '']) => text)

describe('the page of six numbers without script', () => {
  it('shows neither a share below the total as 100 nor one above zero as 0', () => {
    const shareOf = (onTime: number, signed: number) =>
      figuresOf(basicWallPage({ ...current, kpis: { ...kpis, onTime: { onTime, signed } } }, 'en'))[3]
    expect(shareOf(2_999, 3_000)).toBe('&gt;99.9%')
    expect(shareOf(3_000, 3_000)).toBe('100.0%')
    expect(shareOf(1, 3_000)).toBe('&lt;0.1%')
    expect(shareOf(0, 3_000)).toBe('0.0%')
    expect(shareOf(4, 4)).toBe('—')
  })

  it('says that nothing is compared with a limit, instead of showing zeros', () => {
    const judged = 0
    const without = {
      ...kpis,
      overdue: { ...kpis.overdue, count: 0, judged },
      stalled: { count: 0, judged },
      atRisk: { ...kpis.atRisk, count: 0, judged },
    }
    const html = basicWallPage({ ...current, kpis: without }, 'en')
    expect(figuresOf(html).slice(0, 3)).toEqual(['—', '—', '—'])
    expect(html).toContain('Overdue orders · no limits set')
    expect(basicWallPage(current, 'en')).not.toContain('no limits set')
  })

  it('marks numbers that can no longer be read as such, and asks again as often as for others', () => {
    const html = basicWallPage({ ...current, isCutOff: true }, 'en')
    expect(html).toContain('class="cut"')
    expect(html).toContain('Hall &lt;1&gt; · Database unreachable · numbers as of 14:20:00')
    expect(html).toContain('content="6"')
    const live = basicWallPage(current, 'zh')
    expect(live).toContain('截至 14:20:00')
    expect(live).toContain('content="6"')
  })

  it('names the age of data that ends long ago, with the command to replay it', () => {
    const html = basicWallPage({ ...current, old: { date: '3 Jun 2025', days: 1_542 } }, 'en')
    expect(html).toContain('No events since 3 Jun 2025, 1,542 days ago')
    expect(html).toContain('stagewatch replay FILE --shift-to-now')
  })
})
