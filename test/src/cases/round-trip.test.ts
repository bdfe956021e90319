import { ZonedClock } from '@stagewatch/server/ingest/files/cells/zoned-clock.ts'
import { writtenFile } from '@stagewatch/server/ingest/files/testing/written-file.ts'
import { encodeText } from '@stagewatch/server/ingest/tables/testing/encode-text.ts'
import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEvents } from './read-case.ts'

const zone = 'Europe/Berlin'
const two = (value: number) => String(value).padStart(2, '0')

interface LocalTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** A format for a local time, to the second or to `precisionMs` if that is coarser. */
interface TimeFormat {
  readonly precisionMs: number
  readonly text: (time: LocalTime, at: number) => string
}

const chineseFormat: TimeFormat = { precisionMs: 1000, text: (t) => `${t.year}年${t.month}月${t.day}日 ${clock(t)}` }
const timeFormats: readonly TimeFormat[] = [
  { precisionMs: 1000, text: (t) => `${dashed(t)} ${clock(t)}` },
  { precisionMs: 1000, text: (_, at) => new Date(at).toISOString() },
  { precisionMs: 1000, text: (t) => `${two(t.day)}.${two(t.month)}.${t.year} ${clock(t)}` },
  { precisionMs: 1000, text: (t) => `${two(t.day)}/${two(t.month)}/${t.year} ${clock(t)}` },
  { precisionMs: 60_000, text: (t) => `${t.month}/${t.day}/${t.year} ${clock12(t)}` },
  { precisionMs: 60_000, text: (t) => `${t.month}/${t.day}/${two(t.year % 100)} ${clock12(t)}` },
  { precisionMs: 60_000, text: (t) => `${t.year}/${t.month}/${t.day} ${t.hour}:${two(t.minute)}` },
  chineseFormat,
  { precisionMs: 1000, text: (t) => `${t.year}${two(t.month)}${two(t.day)}${clock(t).replaceAll(':', '')}` },
  { precisionMs: 1000, text: (_, at) => String(at) },
  { precisionMs: 1000, text: (_, at) => String(at / 1000) },
  { precisionMs: 1000, text: (t) => String(localMs(t) / 86_400_000 + 25_569) },
]

function dashed({ year, month, day }: LocalTime): string {
  return `${year}-${two(month)}-${two(day)}`
}

function clock({ hour, minute, second }: LocalTime): string {
  return `${two(hour)}:${two(minute)}:${two(second)}`
}

function clock12({ hour, minute }: LocalTime): string {
  return `${hour % 12 === 0 ? 12 : hour % 12}:${two(minute)} ${hour < 12 ? 'AM' : 'PM'}`
}

function localMs({ year, month, day, hour, minute, second }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

const zoned = new ZonedClock(zone)

/** Instants outside of clock changes, spread over a year or a few days, so that day and month may be ambiguous. */
const instants = fc
  .record({ first: fc.integer({ min: 0, max: 700 }), days: fc.constantFrom(1, 10, 300) })
  .chain(({ first, days }) =>
    fc.array(fc.integer({ min: 0, max: days * 86_400 }), { minLength: 1, maxLength: 12 }).map((seconds) =>
      seconds
        .map((second) => Date.UTC(2025, 0, 1 + first) + second * 1000)
        .map((ms) => ({ ms, at: zoned.resolve(ms) }))
        .flatMap(({ ms, at }) => (typeof at === 'number' ? [{ at, local: localOf(ms) }] : [])),
    ),
  )

function localOf(ms: number): LocalTime {
  const date = new Date(ms)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  }
}

const files = fc.record({
  times: instants,
  format: fc.constantFrom(...timeFormats),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom('utf-8', 'utf-16le', 'gb18030', 'windows-1252'),
  quotesAll: fc.boolean(),
  endsWell: fc.boolean(),
  /** The order of the rows: by time, or by these numbers. */
  shuffle: fc.option(fc.array(fc.nat(), { minLength: 12, maxLength: 12 })),
  /** The number of rows in each file but the last. */
  splitAfter: fc.nat(12),
})

const stagesIn: Readonly<Record<string, readonly string[]>> = {
  'windows-1252': ['Prüfung', 'Übergabe an "Lager", Halle 2', 'pick'],
  gb18030: ['包装', '发货 "上海"', '复核, 二次', 'pick'],
}
const plainStages = ['包装', 'Prüfung', 'pack, "gift"', 'a;b|c\td']

/** A row as written, to the precision of its time format. */
interface Row {
  readonly order: string
  readonly stage: string
  readonly at: number
}

test('events of any dialect and time format are read as they were written, or are reported', async () => {
  let read = 0
  await fc.assert(
    fc.asyncProperty(files, async ({ times, format, shuffle, splitAfter, ...dialect }) => {
      const stages = stagesIn[dialect.encoding] ?? plainStages
      fc.pre(dialect.encoding !== 'windows-1252' || format !== chineseFormat)
      const rows = times.map(({ at, local }, i) => ({
        order: `SO-${i % 5}`,
        stage: stages[i % stages.length] ?? '',
        at: at - (at % format.precisionMs),
        time: format.text(local, at),
      }))
      const ordered = shuffle === null ? rows : rows.toSorted((a, b) => keyOf(a, shuffle) - keyOf(b, shuffle))
      for (const part of [ordered.slice(0, splitAfter), ordered.slice(splitAfter)]) {
        if (part.length === 0) continue
        const cells = [
          ['order_id', 'stage', 'timestamp', 'note'],
          ...part.map((row) => [row.order, row.stage, row.time, 'x']),
        ]
        const path = writtenFile(writtenBytes(cells, dialect))
        const result = await readEvents(path, { zone })
        const got: Row[] = result.rows.map(({ order, stage = '', occurredAt }) => ({ order, stage, at: occurredAt }))
        const isRounded = result.findings.times.get('time')?.findings.areRounded === true
        if (isRounded || result.remarks.some(({ code }) => code === 'encoding_doubtful')) continue
        // Every missing row was rejected with its line number; every other row is as it was written.
        const missing = new Set(result.rejected.map(({ line }) => line))
        expect(got).toEqual(
          part.filter((_, i) => !missing.has(i + 2)).map(({ order, stage, at }) => ({ order, stage, at })),
        )
        read += got.length
      }
    }),
    costlyPropertyRuns,
  )
  expect(read).toBeGreaterThan(100)
})

function keyOf(row: Row, keys: readonly number[]): number {
  return keys[Number(row.order.slice(3))] ?? 0
}

function writtenBytes(
  cells: readonly (readonly string[])[],
  dialect: {
    readonly delimiter: string
    readonly lineEnd: string
    readonly encoding: string
    readonly quotesAll: boolean
    readonly endsWell: boolean
  },
): Buffer {
  const { delimiter, lineEnd, encoding, quotesAll, endsWell } = dialect
  const cellText = (text: string) =>
    quotesAll || text.includes(delimiter) || text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text
  const lines = cells.map((row) => row.map(cellText).join(delimiter))
  return encodeText(lines.join(lineEnd) + (endsWell ? lineEnd : ''), encoding)
}
