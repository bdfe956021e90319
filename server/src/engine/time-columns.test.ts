import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ColumnFinder, timeColumns } from './time-columns.ts'

const berlin = new LocalDays('Europe/Berlin')
const hourMs = 3_600_000
const at = (text: string) => Date.parse(text)

describe('columns by time', () => {
  it('of hours start with the hour in which the span starts', () => {
    const from = at('2026-06-01T08:20:00Z')
    const columns = timeColumns('hour', from, from + 2 * hourMs, berlin)
    expect(columns.names).toEqual([8, 9, 10].map((hour) => Date.UTC(2026, 5, 1, hour)))
    expect(columns.columnOf(at('2026-06-01T08:59:59.999Z'))).toBe(0)
    expect(columns.columnOf(at('2026-06-01T09:00:00Z'))).toBe(1)
    expect(columns.columnOf(at('2026-06-01T10:19:00Z'))).toBe(2)
  })

  it('of hours follow a clock that is half an hour off', () => {
    const from = at('2026-06-01T08:20:00+05:30')
    const columns = timeColumns('hour', from, from + 1, new LocalDays('Asia/Kolkata'))
    expect(columns.names).toEqual([at('2026-06-01T08:00:00+05:30')])
  })

  it('of hours follow clocks that change by half an hour', () => {
    const island = new LocalDays('Australia/Lord_Howe')
    const from = at('2026-04-05T00:00:00+11:00')
    expect(timeColumns('hour', from, at('2026-04-05T04:00:00+10:30'), island).names).toEqual([
      from,
      at('2026-04-05T01:00:00+11:00'),
      at('2026-04-05T02:00:00+10:30'),
      at('2026-04-05T03:00:00+10:30'),
    ])
  })

  it('of days start at local midnight, also when a day has 23 or 25 hours', () => {
    const days = (from: string, to: string) => timeColumns('day', at(from), at(to), berlin).names
    expect(days('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toEqual([
      at('2026-03-28T00:00:00+01:00'),
      at('2026-03-29T00:00:00+01:00'),
      at('2026-03-30T00:00:00+02:00'),
    ])
    expect(days('2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00')).toHaveLength(1)
  })

  it('of hours of the day handle the hour that a clock change skips or repeats', () => {
    const hoursOf = (date: string) => {
      const midnight = berlin.startOf(at(`${date}T12:00:00Z`))
      const next = berlin.startOfOffset(midnight, 1)
      return timeColumns('hourOfDay', midnight, next, berlin).spans.map(({ column }) => column)
    }
    expect(hoursOf('2026-03-29')).toEqual([0, 1, ...Array.from({ length: 21 }, (_, i) => i + 3)])
    expect(hoursOf('2026-10-25')).toEqual([0, 1, 2, 2, ...Array.from({ length: 21 }, (_, i) => i + 3)])
    expect(hoursOf('2026-06-01')).toEqual(Array.from({ length: 24 }, (_, i) => i))
  })

  it('of weekdays are those of the local calendar', () => {
    const columns = timeColumns('weekday', at('2026-06-01T00:00:00Z'), at('2026-06-08T00:00:00Z'), berlin)
    expect(columns.names).toEqual([1, 2, 3, 4, 5, 6, 7])
    // Monday 22:30 UTC is Tuesday in Berlin.
    expect(columns.columnOf(at('2026-06-01T21:59:00Z'))).toBe(0)
    expect(columns.columnOf(at('2026-06-01T22:30:00Z'))).toBe(1)
  })
})

describe('the columns of many instants', () => {
  /** Includes zones whose clocks once changed by odd minutes, and zones where they change by half an hour. */
  const places = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Africa/Monrovia']

  it('are those of the spans in which they lie, and of the nearest one outside', () => {
    const kind = fc.constantFrom('hour', 'day', 'hourOfDay', 'weekday')
    const begin = fc.integer({ min: at('1971-12-20T00:00:00Z'), max: at('2026-12-01T00:00:00Z') })
    const offsets = fc.array(fc.double({ min: -0.1, max: 1.1, noNaN: true }), { maxLength: 40, size: 'max' })
    fc.assert(
      fc.property(kind, begin, fc.integer({ min: 1, max: 40 }), fc.constantFrom(...places), offsets, (...asked) => {
        const [columnKind, from, days, place, parts] = asked
        const columns = timeColumns(columnKind, from, from + days * 24 * hourMs, new LocalDays(place))
        const edges = columns.spans.flatMap((span) => [span.from - 1, span.from, span.to - 1, span.to])
        const inside = parts.map((part) => Math.round(from + part * days * 24 * hourMs))
        const instants = Float64Array.from([...edges, ...inside])
        const found = new Int32Array(instants.length)
        new ColumnFinder(columns.starts).find(instants, instants.length, found)
        expect([...found]).toEqual([...instants].map((instant) => columns.columnOf(instant)))
      }),
      { numRuns: 60 },
    )
  })

  it('are found where no step fits all spans', () => {
    const starts = Float64Array.of(0, 1, 10_000_000_019)
    const found = new Int32Array(4)
    new ColumnFinder({ starts, columns: Uint32Array.of(7, 8, 9) }).find(Float64Array.of(-1, 0, 1, 2e10), 4, found)
    expect([...found]).toEqual([7, 7, 8, 9])
  })

  it('are found to the millisecond, as are instants before all of them', () => {
    for (const kind of ['hour', 'day'] as const) {
      const from = Date.parse('2025-10-01T00:00:00Z')
      const columns = timeColumns(kind, from, from + 60 * 24 * hourMs, new LocalDays('Australia/Lord_Howe'))
      const begins = columns.spans.map((span) => span.from)
      const instants = Float64Array.from(begins.flatMap((begin) => [begin - 1, begin, begin + 1]))
      const found = new Int32Array(instants.length)
      new ColumnFinder(columns.starts, -7).find(instants, instants.length, found)
      expect([...found]).toEqual(begins.flatMap((_, i) => [i === 0 ? -7 : i - 1, i, i]))
    }
    const starts = Float64Array.of(0, 1, 10_000_000_019)
    const found = new Int32Array(2)
    new ColumnFinder({ starts, columns: Uint32Array.of(7, 8, 9) }, 5).find(Float64Array.of(-1, 0), 2, found)
    expect([...found]).toEqual([5, 7])
  })
})
