import { describe, expect, test } from 'vitest'
import type { EventOutcome, ValidatedItem } from '../batch-results.ts'
import { describeSource, historyBegin } from './describe-sources.ts'
import { SourceTallies } from './source-tallies.ts'

const hourMs = 3_600_000
const minuteMs = 60_000
/** 20 minutes past the hour. */
const now = Date.UTC(2026, 10, 26, 8, 20)
const wms = { source: 'wms', name: { en: 'Warehouse', zh: '仓库' }, stages: ['packing'] }

/** An event that was received `lagMs` after it happened. */
function item(lagMs: number, at: number, source = 'wms'): ValidatedItem {
  const event = {
    source,
    id: `${at} ${lagMs}`,
    order: 'A',
    type: 'note.added',
    occurredAt: at - lagMs,
    data: {},
  } as const
  return { index: 0, ok: true, event, raw: event, contentHash: '' }
}

const rejection = { code: 'unknown_stage', message: 'the process has no such stage' } as const

function outcome(status: EventOutcome['status'], of: ValidatedItem): EventOutcome {
  if (status === 'duplicate') return { index: 0, status }
  if (status === 'rejected') return { index: 0, status, rejection, raw: of.raw }
  return of.ok ? { index: 0, status, event: of.event } : { index: 0, status: 'duplicate' }
}

/** The tallies after one request with one event per lag. */
function tallied(tallies: SourceTallies, at: number, lagsMs: readonly number[], more: { imported?: true } = {}): void {
  const items = lagsMs.map((lagMs) => item(lagMs, at))
  tallies.record({ items, outcomes: items.map((each) => outcome('accepted', each)), ...more }, at)
}

describe('what is told of a source', () => {
  test('counts by hour, and the time in which nothing came', () => {
    const tallies = new SourceTallies()
    tallied(tallies, now - 30 * hourMs, [0, 0, 0])
    tallied(tallies, now - 5 * hourMs, [0])
    tallied(tallies, now, [0, 0])
    const view = describeSource(wms, tallies.take(), now)
    expect(view.hourly.length).toBe(168)
    expect([view.hourly.at(-31), view.hourly.at(-6), view.hourly.at(-1)]).toEqual([3, 1, 2])
    expect(view.hourly.reduce((sum, count) => sum + count)).toBe(6)
    expect(view.lastDay).toEqual({ accepted: 3, duplicate: 0, rejected: 0 })
    expect(view.lastWeek).toEqual({ accepted: 6, duplicate: 0, rejected: 0 })
    // 3 hours with events, 6 events in total.
    expect(view.meanIntervalMs).toBe(hourMs / 2)
    // From the end of the 02:00 hour of the previous day until 03:00: 24 hours.
    expect(view.longestSilence).toEqual({
      from: Date.UTC(2026, 10, 25, 3),
      to: Date.UTC(2026, 10, 26, 3),
    })
  })

  test('a silence that lasts goes up to now', () => {
    const tallies = new SourceTallies()
    tallied(tallies, now - 3 * hourMs, [0])
    const { longestSilence, late } = describeSource(
      { ...wms, intervalMs: hourMs, lastReceivedAt: now - 3 * hourMs },
      tallies.take(),
      now,
    )
    expect(longestSilence).toEqual({ from: Date.UTC(2026, 10, 26, 6), to: now })
    // Exactly three times its interval.
    expect(late).toBe(false)
    expect(describeSource({ ...wms, intervalMs: hourMs, lastReceivedAt: now - 3 * hourMs - 1 }, [], now).late).toBe(
      true,
    )
  })

  test('half of the events, and 95 of 100, came within so long', () => {
    const tallies = new SourceTallies()
    tallied(tallies, now, [
      ...Array.from({ length: 10 }, () => minuteMs),
      ...Array.from({ length: 9 }, () => 2 * hourMs),
    ])
    tallied(tallies, now, [200 * hourMs])
    expect(describeSource(wms, tallies.take(), now).lag).toEqual({ halfWithinMs: minuteMs, mostWithinMs: 4 * hourMs })
    tallied(tallies, now, [200 * hourMs, 200 * hourMs])
    expect(describeSource(wms, tallies.take(), now).lag).toEqual({ halfWithinMs: null, mostWithinMs: null })
  })

  test('what an import brings is old, and no delay', () => {
    const tallies = new SourceTallies()
    tallied(tallies, now, [900 * hourMs], { imported: true })
    const view = describeSource(wms, tallies.take(), now)
    expect([view.lastDay.accepted, view.lag]).toEqual([1, undefined])
  })

  test('says nothing of what nobody knows', () => {
    const view = describeSource(wms, [], now)
    expect([view.lag, view.longestSilence, view.meanIntervalMs, view.lastReceivedAt, view.late]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      false,
    ])
  })

  test('counts events of every outcome by hour, and by day those of less than 24 hours ago', () => {
    const hour = { source: 'wms', accepted: 4, duplicate: 2, rejected: 1, lags: [] }
    const at = (hours: number) => ({ ...hour, hourAt: historyBegin(now) + (167 - hours) * hourMs })
    const view = describeSource(wms, [at(25), at(24), at(23), at(0)], now)
    expect(view.hourly.filter((events) => events > 0)).toEqual([7, 7, 7, 7])
    expect(view.lastDay).toEqual({ accepted: 8, duplicate: 4, rejected: 2 })
    expect(view.lastWeek).toEqual({ accepted: 16, duplicate: 8, rejected: 4 })
    // On the hour, the one that began 24 hours ago is over.
    const onTheHour = now - 20 * minuteMs
    expect(describeSource(wms, [at(24), at(23)], onTheHour).lastDay.accepted).toBe(4)
    // Hours of the future, which another server has counted.
    expect(describeSource(wms, [at(-1)], now).hourly.every((events) => events === 0)).toBe(true)
  })

  test('leaves out what is older than it tells of', () => {
    const hour = { source: 'wms', accepted: 1, duplicate: 0, rejected: 0, lags: [] }
    const { hourly } = describeSource(wms, [{ ...hour, hourAt: historyBegin(now) }], now)
    expect([hourly[0], hourly.length]).toEqual([1, 168])
  })
})

describe('the tallies of sources', () => {
  test('duplicates and rejected events count, and those tried again without success do not', () => {
    const tallies = new SourceTallies()
    const items = [item(0, now), item(1, now), item(2, now), { ...item(3, now), quarantineId: 7 }]
    const became = ['accepted', 'duplicate', 'rejected', 'rejected'] as const
    tallies.record({ items, outcomes: items.map((each, i) => outcome(became[i] ?? 'accepted', each)) }, now)
    expect(tallies.take()).toMatchObject([{ source: 'wms', accepted: 1, duplicate: 1, rejected: 1 }])
    expect(tallies.take()).toEqual([])
  })

  test('what could not be stored is counted with what comes next', () => {
    const tallies = new SourceTallies()
    tallied(tallies, now, [0, 0])
    const taken = tallies.take()
    tallied(tallies, now, [0, 2 * hourMs])
    tallies.giveBack(taken)
    const [hour] = tallies.take()
    expect([hour?.accepted, hour?.lags]).toEqual([4, [3, 0, 0, 0, 1, 0, 0, 0, 0, 0]])
  })

  test('the delay of an event is counted in one of ten classes, each up to its bound', () => {
    const tallies = new SourceTallies()
    const bounds = [1, 5, 15, 60, 240, 720, 1_440, 4_320, 10_080].map((minutes) => minutes * minuteMs)
    for (const bound of bounds) {
      tallied(tallies, now, [bound])
      expect([bound, tallies.take()[0]?.lags.indexOf(1)]).toEqual([bound, bounds.indexOf(bound)])
      tallied(tallies, now, [bound + 1])
      expect([bound, tallies.take()[0]?.lags.indexOf(1)]).toEqual([bound, bounds.indexOf(bound) + 1])
    }
  })

  test('each source and each hour is counted by itself', () => {
    const tallies = new SourceTallies()
    const items = [item(0, now, 'wms'), item(0, now, 'erp'), item(0, now, 'wms')]
    tallies.record({ items, outcomes: items.map((each) => outcome('accepted', each)) }, now)
    tallied(tallies, now + 40 * minuteMs - 1, [0])
    tallied(tallies, now + 40 * minuteMs, [0])
    expect(tallies.take().map(({ source, hourAt, accepted }) => [source, hourAt - now, accepted])).toEqual([
      ['wms', -20 * minuteMs, 3],
      ['erp', -20 * minuteMs, 1],
      ['wms', 40 * minuteMs, 1],
    ])
  })

  test('two thousand are kept until they are stored', () => {
    const tallies = new SourceTallies()
    const items = Array.from({ length: 2_001 }, (_, i) => item(0, now, `s-${i}`))
    tallies.record({ items, outcomes: items.map((each) => outcome('accepted', each)) }, now)
    const taken = tallies.take()
    expect(taken).toHaveLength(2_000)
    tallies.record({ items, outcomes: items.map((each) => outcome('duplicate', each)) }, now + hourMs)
    tallies.giveBack(taken)
    expect(tallies.take()).toHaveLength(2_000)
  })
})
