import { clockOfDayNumber, excelShape } from './counted-time.ts'
import { isZeroDate } from './placeholder-dates.ts'
import type { NoTime, TimeOutcome } from './plain-time.ts'
import { noDate, noTime, missingTime, readPlainTime, readTime, settleTime } from './plain-time.ts'
import type { OpenDate } from './date-text.ts'
import type { FormDecision } from './time-evidence.ts'
import { formText, toldOrder } from './time-evidence.ts'
import type { TimePattern } from './time-pattern.ts'
import type { TimeText } from './written-time.ts'
import { plainText, readWrittenTime } from './written-time.ts'
import type { ZonedClock } from './zoned-clock.ts'

/** Zone of times without offset, and their format if the user has set it. */
export interface TimeRules {
  readonly clock: ZonedClock | undefined
  readonly pattern: TimePattern | undefined
}

/** Result of surveying all cells of a column. */
export interface SurveyedTimes {
  readonly forms: ReadonlyMap<string, FormDecision>
  /** Whether some Excel day numbers have a time of day, so that those without one mean midnight rather than the day. */
  readonly hasDayFractions: boolean
  /** The largest number of decimals among them. */
  readonly dayDecimals: number
}

/** Reads the cells of one column of times. */
export class TimeReading {
  readonly #rules: TimeRules
  readonly #survey: SurveyedTimes | undefined

  /** @param survey undefined: values that only the whole column explains (day and month, bare numbers) are rejected. */
  constructor(rules: TimeRules, survey: SurveyedTimes | undefined) {
    this.#rules = rules
    this.#survey = survey
  }

  /** @param endOfDay a day alone means its end, as promises do. */
  read(text: string, endOfDay = false): TimeOutcome {
    const { clock, pattern } = this.#rules
    const told = pattern?.read(text)
    if (told !== undefined) return settleTime(text, told, clock, endOfDay)
    return readPlainTime(text, clock, endOfDay) ?? this.#readOther(text, endOfDay)
  }

  #readOther(text: string, endOfDay: boolean): TimeOutcome {
    if (isZeroDate(text)) return noDate(shortened(text))
    const time = readWrittenTime(text)
    if (time === undefined) return unknownTime(text)
    if (time.kind === 'missing') return problem(text, time.reason)
    if (time.kind === 'clock') return problem(text, 'is a time of day without a date')
    if (time.kind === 'instant') return this.#survey === undefined ? unknownTime(text) : readTime(time.at, false, text)
    if (this.#survey === undefined && time.shape === excelShape) return unknownTime(text)
    return this.#readWritten(text, time, endOfDay)
  }

  #readWritten(text: string, time: Extract<TimeText, { kind: 'written' }>, endOfDay: boolean): TimeOutcome {
    const day = typeof time.shape === 'string' ? time.day : this.#dayOf(text, time.shape)
    if (day === undefined) return missingTime(shortened(text))
    if (typeof day !== 'number') return day
    const clockMs = time.shape === excelShape ? this.#clockOfDayNumber(text) : time.clockMs
    return settleTime(
      shortened(text),
      { day, clockMs, offsetMs: time.offsetMs },
      time.clock ?? this.#rules.clock,
      endOfDay,
    )
  }

  #clockOfDayNumber(text: string): number | undefined {
    const { hasDayFractions = false, dayDecimals = 0 } = this.#survey ?? {}
    return clockOfDayNumber(plainText(text), dayDecimals) ?? (hasDayFractions ? 0 : undefined)
  }

  #dayOf(text: string, date: OpenDate): number | undefined | NoTime {
    const decision = this.#survey?.forms.get(date.form)
    const order = toldOrder(date.form, this.#rules.pattern?.order) ?? decision?.order
    if (order !== undefined) return date.days.get(order)
    const [day, ...others] = new Set(date.days.values())
    if (day === undefined || others.length === 0) return day
    return noTime('ambiguous', `${shortened(text)} ${openMessage(date, decision)}`)
  }
}

function openMessage({ form, days }: OpenDate, decision: FormDecision | undefined): string {
  const formats = [...days.keys()].map((order) => formText(form, order)).join(' or ')
  const why = decision?.doubt === 'contradictory' ? ', and other cells of the column contradict each other' : ''
  return `leaves open which is the day and which the month${why}; say with --time-format whether it is ${formats}`
}

function unknownTime(text: string): NoTime {
  return problem(text, 'is no time')
}

function problem(text: string, reason: string): NoTime {
  return noTime('unreadable', `${shortened(text)} ${reason}; write it like 2026-01-02T08:05:00+08:00`)
}

function shortened(text: string): string {
  return text.slice(0, 60)
}
