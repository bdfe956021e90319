import { describe, expect, it } from 'vitest'
import { basicWallPage } from './basic-wall-page.ts'
import type { RefusedReason } from './basic-wall-page.ts'

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
    // Fewer than five say nothing.
    expect(shareOf(4, 4)).toBe('—')
    expect(shareOf(4, 5)).toBe('80.0%')
  })

  it('shows three numbers in each of two rows, with their labels', () => {
    const rows = basicWallPage(current, 'en').split('<tr>').slice(1)
    expect(rows.map(figuresOf)).toEqual([
      ['2', '0', '1'],
      ['&gt;99.9%', '3,000', '6.2d'],
    ])
    expect(rows[0]).toContain('<small>Overdue orders</small><b>2</b>')
    expect(rows[1]).toContain('<small>Open orders</small><b>3,000</b>')
  })

  it('shows the usual time from start to end in hours up to a hundred of them, and in days above, with one decimal', () => {
    const hourMs = 3_600_000
    const timeOf = (medianMs?: number) =>
      figuresOf(basicWallPage({ ...current, kpis: { ...kpis, leadTime: { count: 9, medianMs } } }, 'en'))[5]
    expect(timeOf(0.26 * hourMs)).toBe('0.3h')
    expect(timeOf(2 * hourMs)).toBe('2.0h')
    expect(timeOf(100 * hourMs)).toBe('100.0h')
    expect(timeOf(120 * hourMs)).toBe('5.0d')
    expect(timeOf()).toBe('—')
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
    // Without open orders, nothing is overdue whatever the limits are.
    const empty = { ...without, open: { ...kpis.open, count: 0 } }
    const emptyPage = basicWallPage({ ...current, kpis: empty }, 'en')
    expect(figuresOf(emptyPage).slice(0, 3)).toEqual(['0', '0', '0'])
    expect(emptyPage).not.toContain('no limits set')
  })

  it('marks numbers that can no longer be read as such, and asks again as often as for others', () => {
    const html = basicWallPage({ ...current, isCutOff: true }, 'en')
    expect(html).toContain('class="cut"')
    expect(html).toContain('Hall &lt;1&gt; · Database unreachable · numbers as of 14:20:00')
    expect(html).toContain('content="6"')
    expect(basicWallPage(current, 'en')).not.toContain('class="cut"')
    const live = basicWallPage(current, 'zh')
    expect(live).toContain('截至 14:20:00')
    expect(live).toContain('content="6"')
  })

  it('names the age of data that ends long ago, with the command to replay it', () => {
    const html = basicWallPage({ ...current, old: { date: '3 Jun 2025', days: 1_542 } }, 'en')
    expect(html).toContain('No events since 3 Jun 2025, 1,542 days ago')
    expect(html).toContain('stagewatch replay FILE --shift-to-now')
    expect(html).toMatch(/<\/table><p>No events since .*<\/p><p>Hall &lt;1&gt; · /)
    // Nothing stands above the line of the site otherwise.
    expect(basicWallPage(current, 'en')).toMatch(/<\/table><p>Hall &lt;1&gt; · /)
  })

  it('shows the code of a pairing with where to type it, and asks every six seconds whether it was approved', () => {
    const html = basicWallPage({ kind: 'pairing', userCode: 'BCDF-GHJK', address: 'wall.example/pair' }, 'en')
    expect(html).toContain('<p class="code">BCDF-GHJK</p>')
    expect(html).toMatch(/<li>[^<]*wall\.example\/pair[^<]*<\/li>/)
    expect(html).toContain('content="6"')
  })

  it('asks once a minute after a refusal, and as often as for numbers while the database is away', () => {
    const refused = (reason: RefusedReason) => basicWallPage({ kind: 'refused', reason }, 'en')
    for (const reason of ['noCookies', 'busy', 'starting', 'unknownBoard'] as const) {
      expect(refused(reason)).toContain('<meta http-equiv="refresh" content="60">')
    }
    expect(refused('databaseAway')).toContain('<meta http-equiv="refresh" content="6">')
  })
})
