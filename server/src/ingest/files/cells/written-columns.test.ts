import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { NumberSurvey } from './number-column.ts'
import { TimeSurvey } from './time-survey.ts'
import { ZonedClock } from './zoned-clock.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs
const dayMs = 86_400_000

/** One format of times and its precision. */
interface TimeWriter {
  readonly name: string
  readonly unitMs: number
  write(at: Temporal.ZonedDateTime): string
}

const pad = (value: number, length = 2) => String(value).padStart(length, '0')
const clockOf = ({ hour, minute, second }: Temporal.ZonedDateTime) => `${pad(hour)}:${pad(minute)}:${pad(second)}`
const hour12 = (hour: number) => (hour % 12 === 0 ? 12 : hour % 12)

function numeric(name: string, order: readonly ('day' | 'month' | 'year' | 'yy')[], separator: string): TimeWriter {
  return {
    name,
    unitMs: secondMs,
    write: (at) => {
      const date = order.map((part) => (part === 'yy' ? pad(at.year % 100) : pad(at[part]))).join(separator)
      return `${date} ${clockOf(at)}`
    },
  }
}

function intl(locale: string, dateStyle: 'medium' | 'long' | 'full'): TimeWriter {
  return {
    name: `${locale} ${dateStyle}`,
    unitMs: secondMs,
    write: (at) =>
      new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: 'medium', timeZone: at.timeZoneId }).format(
        at.epochMilliseconds,
      ),
  }
}

function counted(name: string, unitMs: number, write: (ms: number) => string): TimeWriter {
  return { name, unitMs, write: (at) => write(at.epochMilliseconds) }
}

const writers: readonly TimeWriter[] = [
  { name: 'offset', unitMs: 1, write: (at) => at.toString({ timeZoneName: 'never' }) },
  { name: 'zone in brackets', unitMs: 1, write: (at) => at.toString() },
  { name: 'UTC', unitMs: 1, write: (at) => at.toInstant().toString() },
  { name: 'SQL', unitMs: secondMs, write: (at) => `${at.toPlainDate().toString()} ${clockOf(at)}.0000000` },
  {
    name: 'strokes',
    unitMs: minuteMs,
    write: ({ year, month, day, hour, minute }) => `${year}/${month}/${day} ${hour}:${pad(minute)}`,
  },
  {
    name: 'Chinese',
    unitMs: minuteMs,
    write: ({ year, month, day, hour, minute }) =>
      `${year}年${month}月${day}日 ${hour < 12 ? '上午' : '下午'}${hour12(hour)}:${pad(minute)}`,
  },
  {
    name: 'AM and PM',
    unitMs: minuteMs,
    write: ({ year, month, day, hour, minute }) =>
      `${month}/${day}/${year} ${hour12(hour)}:${pad(minute)} ${hour < 12 ? 'AM' : 'PM'}`,
  },
  {
    name: 'end of day',
    unitMs: dayMs,
    write: (at) => `${at.subtract({ days: 1 }).toPlainDate().toString()} 24:00`,
  },
  {
    name: 'digits',
    unitMs: secondMs,
    write: (at) => `${at.toPlainDate().toString().replaceAll('-', '')}${clockOf(at).replaceAll(':', '')}`,
  },
  numeric('German', ['day', 'month', 'year'], '.'),
  numeric('British', ['day', 'month', 'year'], '/'),
  numeric('American', ['month', 'day', 'year'], '/'),
  numeric('Dutch', ['day', 'month', 'year'], '-'),
  numeric('short German', ['day', 'month', 'yy'], '.'),
  numeric('short American', ['month', 'day', 'yy'], '/'),
  numeric('short British', ['day', 'month', 'yy'], '/'),
  numeric('short Chinese', ['yy', 'month', 'day'], '/'),
  ...['en-US', 'en-GB', 'de', 'fr', 'es', 'zh-CN', 'ko', 'ja'].flatMap((locale) => [
    intl(locale, 'medium'),
    intl(locale, 'long'),
  ]),
  ...['en-US', 'de', 'fr'].map((locale) => intl(locale, 'full')),
  counted('epoch s', secondMs, (ms) => String(ms / secondMs)),
  counted('epoch ms', 1, String),
  counted('epoch µs', 1, (ms) => `${ms}000`),
  {
    name: 'Excel',
    unitMs: secondMs,
    write: (at) => (at.toPlainDateTime().toZonedDateTime('UTC').epochMilliseconds / dayMs + 25_569).toFixed(10),
  },
]

const zones = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC']
const column = fc.record({
  writer: fc.constantFrom(...writers),
  zone: fc.constantFrom(...zones),
  beginAt: fc.integer({ min: Date.UTC(2001, 8, 10), max: Date.UTC(2060, 0, 1) }),
  // The orders of a file span a few years at most; over longer periods 03/11/26 has several plausible years.
  afterMs: fc.array(fc.nat(3 * 365 * dayMs), { minLength: 1, maxLength: 30 }),
})

test('a time that is written in any way is read as it was meant, or reported as open', () => {
  fc.assert(
    fc.property(column, ({ writer, zone, beginAt, afterMs }) => {
      const written = afterMs.map((ms) => {
        const at = Temporal.Instant.fromEpochMilliseconds(beginAt + ms).toZonedDateTimeISO(zone)
        const meant = writer.unitMs === dayMs ? at.startOfDay() : at.round(roundingOf(writer.unitMs))
        return { at: meant.epochMilliseconds, text: writer.write(meant) }
      })
      const survey = new TimeSurvey({ clock: new ZonedClock(zone), pattern: undefined })
      for (const [i, { text }] of written.entries()) survey.add({ row: i + 1, line: i + 2, order: '', stage: '', text })
      const reading = survey.reading()
      const isReported = survey.findings().undecided.length === 1
      const misread = written.filter(({ at, text }) => {
        const time = reading.read(text)
        return time.ok ? time.at !== at && time.laterAt !== at : time.cause !== 'ambiguous' || !isReported
      })
      expect({ writer: writer.name, misread }).toEqual({ writer: writer.name, misread: [] })
    }),
    propertyRuns,
  )
})

function roundingOf(unitMs: number): { smallestUnit: 'minute' | 'second' | 'millisecond'; roundingMode: 'floor' } {
  const smallestUnit = unitMs === minuteMs ? 'minute' : unitMs === secondMs ? 'second' : 'millisecond'
  return { smallestUnit, roundingMode: 'floor' }
}

const numberWriters: readonly ((value: number, decimals: number) => string)[] = [
  (value, decimals) => value.toFixed(decimals),
  (value, decimals) => value.toFixed(decimals).replace('.', ','),
  (value, decimals) => `(${Math.abs(value).toFixed(decimals)})`,
  ...['en', 'de', 'fr', 'de-CH', 'en-IN', 'sv', 'pt-BR'].flatMap((locale) => [
    (value: number, decimals: number) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value),
    (value: number, decimals: number) =>
      new Intl.NumberFormat(locale, {
        style: 'currency',
        currency: 'EUR',
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }).format(value),
  ]),
]

test('a number that is written in any way is read as it was meant, or reported as open', () => {
  const columns = fc.record({
    writer: fc.nat(numberWriters.length - 1),
    decimals: fc.nat(4),
    values: fc.array(fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }), { minLength: 1, maxLength: 20 }),
  })
  fc.assert(
    fc.property(columns, ({ writer, decimals, values }) => {
      const write = numberWriters[writer] ?? String
      const isBracketed = write(1, 0) === '(1)'
      const written = values.map((value) => {
        const meant = Number((value / 1000).toFixed(decimals))
        const signed = isBracketed ? -Math.abs(meant) : meant
        return { meant: signed, text: write(signed, decimals) }
      })
      const survey = new NumberSurvey(undefined, false)
      for (const [i, { text }] of written.entries()) survey.add(text, i + 2)
      const reading = survey.reading()
      const isOpen = survey.findings().openAs !== undefined
      const misread = written.filter(({ meant, text }) => {
        const number = reading.read(text)
        return !isOpen && (!number.ok || number.value !== meant)
      })
      expect(misread).toEqual([])
    }),
    propertyRuns,
  )
})
