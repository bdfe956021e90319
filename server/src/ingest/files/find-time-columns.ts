import { cleanCell, usualEmptyWords } from './cells/clean-cell.ts'
import { readPlainTime } from './cells/plain-time.ts'
import { readWrittenTime } from './cells/written-time.ts'
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

/** Form of the non-empty cells of a column: instants or days, days alone, times of day, or anything else. */
type CellForm = 'instant' | 'day' | 'clock' | 'other'

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
}

/** Detects columns of times from the first rows. */
export async function findTimeColumns(table: TableFile): Promise<TimeColumns> {
  const forms = table.header.map(() => new Set<CellForm>())
  for await (const { row, cells, problem } of recordsOf(table)) {
    if (row > sampledRows) break
    if (problem !== undefined) continue
    for (const [index, found] of forms.entries()) {
      const text = cleanCell(cells[index] ?? '', 'code')
      if (text === '' || usualEmptyWords.hasInNumbers(text)) continue
      found.add(formOf(text))
    }
  }
  const isPlanned = (index: number) => planned.test(table.header[index] ?? '')
  const placesOf = (...allowed: CellForm[]) =>
    forms.flatMap((found, index) =>
      found.size > 0 && [...found].every((form) => allowed.includes(form)) ? [index] : [],
    )
  const times = placesOf('instant', 'day')
  return {
    reached: times.filter((index) => !isPlanned(index)),
    planned: times.filter(isPlanned),
    days: placesOf('day'),
    clocks: placesOf('clock'),
  }
}

function formOf(text: string): CellForm {
  if (bareNumber.test(text)) return 'other'
  const plain = readPlainTime(text, utc, false)
  if (plain?.ok === true) return plain.isDate ? 'day' : 'instant'
  if (plain?.cause === 'placeholder') return 'day'
  const time = readWrittenTime(text)
  if (time?.kind === 'written') return time.clockMs === undefined ? 'day' : 'instant'
  return time?.kind === 'clock' ? 'clock' : 'other'
}

/** Headers of columns with times of day, but not with durations. */
const clockName = /time|uhr|zeit|heure|hora|时|時|시간|시각/i
const durationName = /dura|dauer|elapsed|lead|cycle|hours|minutes|时长|耗时|工时|用时|周期/i

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
  const isClockName = (index: number) => {
    const name = table.header[index] ?? ''
    return clockName.test(name) && !durationName.test(name)
  }
  const free = [...table.header.keys()].filter((index) => index !== time && !taken.has(index))
  // For most files the headers already rule out such a pair.
  if (!isClockName(time) && !free.some(isClockName)) return undefined
  const { reached, days, clocks } = await findTimeColumns(table)
  const freeDays = free.filter((index) => days.includes(index) && reached.includes(index))
  if (clocks.includes(time)) return pairOf(only(freeDays) ?? leftOf(time, freeDays), time)
  const freeClocks = free.filter((index) => clocks.includes(index) && isClockName(index))
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
