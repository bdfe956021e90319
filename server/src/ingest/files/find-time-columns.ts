import { cleanCell, usualEmptyWords } from './cells/clean-cell.ts'
import { readPlainTime } from './cells/plain-time.ts'
import { isZeroDate } from './cells/placeholder-dates.ts'
import { readWrittenTime } from './cells/written-time.ts'
import { TimeReading } from './cells/time-column.ts'
import { ZonedClock } from './cells/zoned-clock.ts'
import { recordsOf } from '../tables/table-file.ts'
import type { TableFile } from '../tables/table-file.ts'

/** Number of leading rows used to detect the content of a column. */
export const sampledRows = 100
/** Headers of planned times, which are not milestones. */
const planned = /estimat|expect|plan|promis|due|deadline|预计|预期|承诺|计划|要求|要货|约定/i
/** A bare number may mean anything. */
const bareNumber = /^\d+(?:[.,]\d+)?$/
const utc = new ZonedClock('UTC')

/**
 * Form of the non-empty cells of a column: instants or days, days alone, times of day, numbers that may be such as
 * 140500 or Excel's fraction of a day, or anything else.
 */
type CellForm = 'instant' | 'day' | 'clock' | 'clockNumber' | 'other'

/** Columns that contain nothing but times, by 0-based index. */
export interface TimeColumns {
  /** Times when something happened. */
  readonly reached: readonly number[]
  /** Times when something is planned to happen, according to their headers. */
  readonly planned: readonly number[]
  /** The columns above that contain days without times. */
  readonly days: readonly number[]
  /** Columns with nothing but times of day; they are in none of the lists above. */
  readonly clocks: readonly number[]
  /** The same, where some are numbers that only the header shows to be times of day. */
  readonly clockNumbers: readonly number[]
}

/** Detects columns of times from the first rows. */
export async function findTimeColumns(table: TableFile): Promise<TimeColumns> {
  return timeColumnsOf(table.header, await sampleForms(table, (row) => row > sampledRows))
}

/**
 * Detects the columns of milestones from their first cells, wherever these are, because the last stages may be reached
 * by few orders. Cells that are no times are then reported one by one, unless most are.
 */
export async function findMilestoneColumns(table: TableFile): Promise<TimeColumns> {
  const forms = await sampleForms(table, (_row, filled) => filled.every((cells) => cells >= sampledRows))
  for (const counts of forms) {
    const times = (counts.get('instant') ?? 0) + (counts.get('day') ?? 0)
    if (2 * times > filledOf(counts)) for (const form of otherForms) counts.delete(form)
  }
  return timeColumnsOf(table.header, forms)
}

const otherForms = ['clock', 'clockNumber', 'other'] as const

/** Number of the cells of a column by form. */
type FormCounts = Map<CellForm, number>

function filledOf(counts: FormCounts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}

async function sampleForms(
  table: TableFile,
  isEnough: (row: number, filled: readonly number[]) => boolean,
): Promise<FormCounts[]> {
  const forms = table.header.map((): FormCounts => new Map())
  const filled = table.header.map(() => 0)
  for await (const { row, cells, problem } of recordsOf(table)) {
    if (isEnough(row, filled)) break
    if (problem !== undefined) continue
    for (const [index, counts] of forms.entries()) {
      const cell = cells[index]
      if (!cell || (filled[index] ?? 0) >= sampledRows) continue
      const text = cleanCell(cell, 'code')
      if (text === '' || usualEmptyWords.hasInNumbers(text) || isZeroDate(text)) continue
      const form = formOf(text)
      counts.set(form, (counts.get(form) ?? 0) + 1)
      filled[index] = (filled[index] ?? 0) + 1
    }
  }
  return forms
}

function timeColumnsOf(header: readonly string[], forms: readonly FormCounts[]): TimeColumns {
  const isPlanned = (index: number) => planned.test(header[index] ?? '')
  const placesOf = (...allowed: CellForm[]) =>
    forms.flatMap((found, index) =>
      found.size > 0 && [...found.keys()].every((form) => allowed.includes(form)) ? [index] : [],
    )
  const times = placesOf('instant', 'day')
  return {
    reached: times.filter((index) => !isPlanned(index)),
    planned: times.filter(isPlanned),
    days: placesOf('day'),
    clocks: placesOf('clock'),
    clockNumbers: placesOf('clock', 'clockNumber'),
  }
}

/** Excel's fraction of a day, and hours, minutes and seconds without separators. */
const clockNumber = /^(?:0?[.,]\d+|(?:[01]?\d|2[0-3])[0-5]\d[0-5]\d)$/

/** What most times begin or end with that stand for no date. */
const mayStandForEmpty = /^[^1-9]|^(?:1601|1753|1899|1900|1970|9999)|(?:1601|1753|1899|1900|1970|9999|0001)/

/** Whether the cell of a milestone says that it was not reached: it is empty, or contains a word or date for that. */
export function saysNotReached(cell: string): boolean {
  const text = cleanCell(cell, 'code')
  if (text === '') return true
  if (!mayStandForEmpty.test(text)) return false
  if (usualEmptyWords.hasInNumbers(text) || isZeroDate(text)) return true
  const time = new TimeReading({ clock: utc, pattern: undefined }, undefined).read(text)
  return !time.ok && time.cause === 'placeholder'
}

function formOf(text: string): CellForm {
  if (clockNumber.test(text)) return 'clockNumber'
  if (bareNumber.test(text)) return 'other'
  const plain = readPlainTime(text, utc, false)
  if (plain?.ok === true) return plain.isDate ? 'day' : 'instant'
  if (plain?.cause === 'placeholder') return 'day'
  const time = readWrittenTime(text)
  if (time?.kind === 'written') return time.clockMs === undefined ? 'day' : 'instant'
  return time?.kind === 'clock' ? 'clock' : 'other'
}

/** A column recognized as the time by such a header may contain only times of day. */
const mayBeClock = /time|uhr|zeit|heure|hora|时|時|시간|시각/i
/** Words for a time of day, which alone or with one of `eventWords` cannot mean a duration. */
const clockWords: ReadonlySet<string> = new Set(
  'time uhrzeit zeit uhr um heure hora ora tid tijd godzina čas saat vrijeme idő klo kl'.split(' '),
)
const eventWords: ReadonlySet<string> = new Set(
  (
    'event start started starting end ended ending begin finish finished completion complete completed creation created ' +
    'entry entered order posting posted booking scan scanned change changed update updated local utc gmt record ' +
    'recorded log logged occurred actual reported system of day de la le du fin début inicio clock h hh mm ss at on'
  ).split(' '),
)
const germanClock =
  /^(?:start|end|anfangs|beginn|buchungs|erfassungs|melde|rückmelde|ereignis|anlage|änderungs|eingangs|ausgangs|versand|liefer|system|scan)zeit$/
const eastAsianClock = /(?:时间|時間|时刻|時刻|시간|시각)$/
const eastAsianDuration =
  /时长|耗时|工时(?!间)|用时|周期|加工|等待|停留|停机|运行|运输|处理时|准备|標準|标准|所要|作業時間|処理時間|待ち|소요|작업|대기/

/**
 * Whether a column contains times of day according to its header. Headers of durations look alike (cycle time,
 * Bearbeitungszeit), so an unknown word decides against it, unless the column of days has it too.
 */
function isClockName(header: string, dayHeader: string): boolean {
  const name = header.normalize('NFKC').trim().toLowerCase()
  if (eastAsianClock.test(name)) return !eastAsianDuration.test(name)
  if (germanClock.test(name)) return true
  const shared = new Set(wordsOf(dayHeader))
  const words = wordsOf(header)
  const others = words.filter((word) => !clockWords.has(word))
  return others.length === words.length - 1 && others.every((word) => eventWords.has(word) || shared.has(word))
}

function wordsOf(header: string): string[] {
  return header
    .normalize('NFKC')
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '')
}

/** Date and time of day of an event in two columns, by 0-based index. */
export interface DayAndClock {
  readonly day: number
  readonly clock: number
}

/**
 * @param time index of the column recognized as the time.
 * @param taken indexes of the columns recognized as something else.
 * @returns undefined if the column `time` contains complete times, or if no other column clearly completes it.
 */
export async function findDayAndClock(
  table: TableFile,
  time: number,
  taken: ReadonlySet<number>,
): Promise<DayAndClock | undefined> {
  const isClock = (index: number, day: number) => isClockName(table.header[index] ?? '', table.header[day] ?? '')
  const free = [...table.header.keys()].filter((index) => index !== time && !taken.has(index))
  // For most files the headers already rule out such a pair.
  if (!mayBeClock.test(table.header[time] ?? '') && !free.some((index) => isClock(index, time))) return undefined
  const { reached, days, clocks, clockNumbers } = await findTimeColumns(table)
  const freeDays = free.filter((index) => days.includes(index) && reached.includes(index))
  const day = only(freeDays) ?? leftOf(time, freeDays)
  const isTimeOfDay = clocks.includes(time) || (clockNumbers.includes(time) && day !== undefined && isClock(time, day))
  if (isTimeOfDay) return pairOf(day, time)
  const freeClocks = free.filter((index) => clockNumbers.includes(index) && isClock(index, time))
  return days.includes(time) ? pairOf(time, only(freeClocks)) : undefined
}

function pairOf(day: number | undefined, clock: number | undefined): DayAndClock | undefined {
  return day === undefined || clock === undefined ? undefined : { day, clock }
}

function only(places: readonly number[]): number | undefined {
  return places.length === 1 ? places[0] : undefined
}

function leftOf(place: number, places: readonly number[]): number | undefined {
  return places.includes(place - 1) ? place - 1 : undefined
}
