import type { DateOrder, OpenDate } from './date-text.ts'
import type { CellExample } from './cell-counts.ts'
import { shownValue } from './clean-cell.ts'
import { FoldOrder } from './fold-order.ts'
import type { DirectionFound } from '../row-direction.ts'
import { RowDirection } from '../row-direction.ts'
import { dayDecimals, exactDayDecimals, excelShape } from './counted-time.ts'
import { isZeroDate } from './placeholder-dates.ts'
import type { ReadTime, TimeOutcome, WrittenTime } from './plain-time.ts'
import { readPlainTime, readTime, settleTime } from './plain-time.ts'
import { TimeReading } from './time-column.ts'
import type { TimeRules } from './time-column.ts'
import type { FormDecision } from './time-evidence.ts'
import { DateEvidence, formText, toldOrder } from './time-evidence.ts'
import type { TimeText } from './written-time.ts'
import type { ZonedClock } from './zoned-clock.ts'
import { plainText, readWrittenTime } from './written-time.ts'

/** A cell with its row: the rows of an order resolve what a single cell leaves open. */
export interface TimeCell {
  readonly row: number
  readonly line: number
  readonly order: string
  readonly stage: string
  readonly text: string
}

/** Findings about a column of times, for the import report. */
export interface TimeFindings {
  /** Number of cells by format: `year first`, `dd.MM.yyyy`, `Excel day number` and so on. */
  readonly shapes: readonly { readonly shape: string; readonly rows: number }[]
  /** Forms in which day and month could not be told apart, with the reason. */
  readonly undecided: readonly FormDecision[]
  /** Number of days without a time of day. */
  readonly dateRows: number
  /** Number of local times in DST gaps and in DST folds of the zone. */
  readonly gapRows: number
  readonly foldRows: number
  /** Number of times without an offset, and the zone in which they were read. Undefined: there are none. */
  readonly local: { readonly rows: number; readonly zone: string } | undefined
  /** Whether Excel day numbers have too few digits for seconds, so that their times are rounded to the minute. */
  readonly areRounded: boolean
  readonly placeholderRows: number
  readonly unreadableRows: number
  /** The first cells that were unreadable, ambiguous, or at a clock change. */
  readonly examples: readonly CellExample[]
  /** Epoch ms; undefined if no cell could be read. */
  readonly span: { readonly earliestAt: number; readonly latestAt: number } | undefined
}

const maxExamples = 5
/** `fixed` is the key of cells that are not ambiguous. */
type Reading = DateOrder | 'fixed'

/** Totals of the cells that share one reading. */
interface ReadingTotals {
  readonly fold: FoldOrder
  readonly direction: RowDirection
  earliestAt: number
  latestAt: number
  gapRows: number
  foldRows: number
  localRows: number
}

/** Surveys every cell of one column of times, in bounded memory, and decides how to read the column. */
export class TimeSurvey {
  readonly #rules: TimeRules
  readonly #shapes = new Map<string, number>()
  readonly #evidence = new Map<string, DateEvidence>()
  readonly #readings = new Map<Reading, ReadingTotals>()
  readonly #examples: CellExample[] = []
  #plainRows = 0
  #dateRows = 0
  #placeholderRows = 0
  #unreadableRows = 0
  /** Whole day numbers, which are days unless others in the column have a time of day. */
  #wholeDayNumbers = 0
  #hasDayFractions = false
  #dayDecimals = 0

  constructor(rules: TimeRules) {
    this.#rules = rules
  }

  /** @returns the instant, if the cell alone determines it. */
  add(cell: TimeCell): ReadTime | undefined {
    const { clock, pattern } = this.#rules
    const told = pattern?.read(cell.text)
    if (told !== undefined) return this.#addFixed(cell, pattern?.text ?? '', settleTime(cell.text, told, clock, false))
    const plain = readPlainTime(cell.text, clock, false)
    if (plain === undefined) return this.#addOther(cell)
    if (!plain.ok) return this.#addFixed(cell, 'year first', plain)
    this.#plainRows += 1
    return this.#addRead(cell, 'fixed', plain)
  }

  reading(): TimeReading {
    return new TimeReading(this.#rules, {
      forms: this.#decisions(),
      hasDayFractions: this.#hasDayFractions,
      dayDecimals: this.#dayDecimals,
    })
  }

  /** Rows with an ambiguous local time (DST fold) whose place in the file shows that the second instant is meant. */
  laterRows(): ReadonlySet<number> {
    return new Set(this.#valid().flatMap(({ fold }) => [...fold.laterRows()]))
  }

  direction(): DirectionFound {
    const parts = this.#valid().map(({ direction }) => direction.found())
    return {
      orderVotes: parts.reduce((sum, { orderVotes }) => sum + orderVotes, 0),
      neighbourVotes: parts.reduce((sum, { neighbourVotes }) => sum + neighbourVotes, 0),
      pairs: parts.flatMap(({ pairs }) => pairs),
    }
  }

  findings(): TimeFindings {
    const decisions = this.#decisions()
    const valid = this.#valid()
    const earliestAt = Math.min(...valid.map((totals) => totals.earliestAt))
    const latestAt = Math.max(...valid.map((totals) => totals.latestAt))
    const localRows = valid.reduce((sum, totals) => sum + totals.localRows, 0)
    const zone = this.#rules.clock?.zone
    const openShapes = [...decisions.values()].map(({ form, order, rows }) => ({
      shape: order === undefined ? form : formText(form, order),
      rows,
    }))
    const fixed = new Map(this.#shapes)
    if (this.#plainRows > 0) fixed.set('year first', (fixed.get('year first') ?? 0) + this.#plainRows)
    const fixedShapes = [...fixed].map(([shape, rows]) => ({ shape, rows }))
    return {
      shapes: [...fixedShapes, ...openShapes].toSorted((a, b) => b.rows - a.rows),
      undecided: [...decisions.values()].filter(({ order, openRows }) => order === undefined && openRows > 0),
      dateRows: this.#dateRows + (this.#hasDayFractions ? 0 : this.#wholeDayNumbers),
      gapRows: valid.reduce((sum, totals) => sum + totals.gapRows, 0),
      foldRows: valid.reduce((sum, totals) => sum + totals.foldRows, 0),
      local: localRows > 0 && zone !== undefined ? { rows: localRows, zone } : undefined,
      areRounded: this.#hasDayFractions && this.#dayDecimals < exactDayDecimals,
      placeholderRows: this.#placeholderRows,
      unreadableRows: this.#unreadableRows,
      examples: this.#examples,
      span: earliestAt <= latestAt ? { earliestAt, latestAt } : undefined,
    }
  }

  #decisions(): ReadonlyMap<string, FormDecision> {
    return new Map(
      [...this.#evidence].map(([form, evidence]) => {
        const decision = evidence.decision()
        const order = toldOrder(form, this.#rules.pattern?.order)
        return [form, order === undefined ? decision : { ...decision, order, doubt: undefined }]
      }),
    )
  }

  /** The totals of the readings that are valid after the whole column has been surveyed. */
  #valid(): ReadingTotals[] {
    const orders = new Set<Reading | undefined>([...this.#decisions().values()].map(({ order }) => order))
    return [...this.#readings]
      .filter(([reading]) => reading === 'fixed' || orders.has(reading))
      .map(([, totals]) => totals)
  }

  #addOther(cell: TimeCell): ReadTime | undefined {
    if (isZeroDate(cell.text)) {
      this.#placeholderRows += 1
      return undefined
    }
    const time = readWrittenTime(cell.text)
    if (time === undefined || time.kind === 'missing' || time.kind === 'clock') return this.#addUnreadable(cell)
    if (time.kind === 'instant') return this.#addFixed(cell, time.shape, readTime(time.at, false, cell.text))
    if (typeof time.shape !== 'string') return this.#addOpen(cell, time, time.shape)
    const clockMs = time.clockMs ?? (time.shape === excelShape ? this.#addDayNumber() : undefined)
    if (time.shape === excelShape && time.clockMs !== undefined) {
      this.#hasDayFractions = true
      this.#dayDecimals = Math.max(this.#dayDecimals, dayDecimals(plainText(cell.text)))
    }
    const written = { day: time.day ?? 0, clockMs, offsetMs: time.offsetMs }
    return this.#addFixed(cell, time.shape, this.#settle(cell.text, written, time.clock))
  }

  /** @param own the zone that the cell itself names. */
  #settle(text: string, written: WrittenTime, own: ZonedClock | undefined): TimeOutcome {
    if (own === undefined) return settleTime(text, written, this.#rules.clock, false)
    const outcome = settleTime(text, written, own, false)
    return outcome.ok ? { ...outcome, isLocal: false } : outcome
  }

  /** Counts a whole day number and returns its assumed time of day. */
  #addDayNumber(): number {
    this.#wholeDayNumbers += 1
    return 0
  }

  #addFixed(cell: TimeCell, shape: string, outcome: TimeOutcome): ReadTime | undefined {
    if (outcome.ok) {
      this.#shapes.set(shape, (this.#shapes.get(shape) ?? 0) + 1)
      return this.#addRead(cell, 'fixed', outcome)
    }
    if (outcome.cause !== 'placeholder') return this.#addUnreadable(cell)
    this.#placeholderRows += 1
    return undefined
  }

  #addOpen(cell: TimeCell, time: Extract<TimeText, { kind: 'written' }>, date: OpenDate): ReadTime | undefined {
    const outcomes = [...date.days].map(
      ([order, day]) => [order, this.#settle(cell.text, { ...time, day }, time.clock)] as const,
    )
    if (outcomes.some(([, outcome]) => !outcome.ok && outcome.cause === 'placeholder')) {
      this.#placeholderRows += 1
      return undefined
    }
    let evidence = this.#evidence.get(date.form)
    if (evidence === undefined) this.#evidence.set(date.form, (evidence = new DateEvidence(date.form)))
    evidence.add(date)
    if (time.open !== undefined) this.#addExample(cell)
    for (const [order, outcome] of outcomes) if (outcome.ok) this.#count(cell, order, outcome)
    if (!outcomes.some(([, outcome]) => outcome.ok)) return this.#addUnreadable(cell)
    if (time.clockMs === undefined) this.#dateRows += 1
    return undefined
  }

  #addRead(cell: TimeCell, reading: Reading, time: ReadTime): ReadTime {
    if (time.isDate) this.#dateRows += 1
    this.#count(cell, reading, time)
    return time
  }

  #count(cell: TimeCell, reading: Reading, time: ReadTime): void {
    let totals = this.#readings.get(reading)
    if (totals === undefined) {
      const [fold, direction] = [new FoldOrder(), new RowDirection()]
      totals = { fold, direction, earliestAt: Infinity, latestAt: -Infinity, gapRows: 0, foldRows: 0, localRows: 0 }
      this.#readings.set(reading, totals)
    }
    if (time.at < totals.earliestAt) totals.earliestAt = time.at
    if (time.at > totals.latestAt) totals.latestAt = time.at
    if (time.isLocal) totals.localRows += 1
    totals.fold.add(cell.row, cell.order, time)
    totals.direction.add(cell.order, time.at, cell.stage)
    if (time.doubt === undefined) return
    if (time.doubt === 'gap') totals.gapRows += 1
    else totals.foldRows += 1
    this.#addExample(cell)
  }

  #addUnreadable(cell: TimeCell): undefined {
    this.#unreadableRows += 1
    this.#addExample(cell)
  }

  #addExample({ line, text }: TimeCell): void {
    if (this.#examples.length < maxExamples) this.#examples.push({ line, value: shownValue(text) })
  }
}
