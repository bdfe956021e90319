import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { plural } from '../../platform/english-text.ts'
import { OccurrenceCounter } from '../files/occurrence-counter.ts'
import type { Rejection } from '../tables/rejection.ts'
import type { DecidedRows } from './import-monitor.ts'

/** The output of `--json`. The rows are the processed ones: accepted + duplicate + rejected. */
export interface RowSummary extends DecidedRows {
  /** Distinct orders and stages among the readable rows. */
  readonly orders: number
  readonly stages: number
  readonly elapsedMs: number
}

/** Examples per column and cause. */
const shownRejections = 3
/** Line numbers listed per finding. */
const shownLines = 5
/** Maximum number of distinct columns and causes. */
const maxGroups = 50
/** No real order has this many rows. */
const crowdedRows = 10_000
const maxCrowded = 100
/** No process has this many stages; counting stops there so that a wrong column does not fill the memory. */
const maxStages = 10_000

/** A row that was rejected. */
interface RejectedRow {
  readonly line: number
  /** Counts in rows if the line is no longer known. */
  readonly unit?: 'row' | undefined
  /** The value of the invalid column, formatted for messages; undefined if no column is the cause or it is empty. */
  readonly value?: string | undefined
  readonly message: string
}

/** Rows rejected for the same reason: same column ('' if none is the cause), same code and same cause. */
export interface RejectionGroup {
  readonly column: string
  readonly code: ProblemCode
  readonly cause?: string | undefined
  readonly count: number
  readonly first: readonly RejectedRow[]
}

/** Number of affected rows, with the lines of the first. */
interface CountedLines {
  readonly count: number
  readonly lines: readonly number[]
}

function addLine(rows: { count: number; lines: number[] }, line: number): void {
  rows.count += 1
  if (rows.lines.length < shownLines) rows.lines.push(line)
}

/** Counts the rows of a file by outcome. */
export class RowTally {
  readonly #beganAt = performance.now()
  readonly #orders = new OccurrenceCounter()
  /** Rows by stage. */
  readonly #stages = new Map<string, number>()
  /** The current run of consecutive rows of the same order. */
  #run: { readonly order: string; rows: number } | undefined
  /** Number of rows by order, for orders with very many rows. */
  readonly #crowded = new Map<string, number>()
  readonly #rejections = new Map<string, RejectionGroup & { count: number; first: RejectedRow[] }>()
  #accepted = 0
  #duplicate = 0
  #rejected = 0
  #startsIgnored = 0
  readonly #repeated = { count: 0, lines: [] as number[] }
  readonly #sameSteps = { count: 0, lines: [] as number[] }

  countRead(order: string, stage: string | undefined): void {
    if (stage !== undefined) this.#countStage(stage)
    if (order === this.#run?.order) {
      this.#run.rows += 1
      return
    }
    this.#countRun()
    this.#run = { order, rows: 1 }
  }

  countIgnoredStart(): void {
    this.#startsIgnored += 1
  }

  /** A row that repeats an earlier one and does not count again. */
  countRepeated(line: number): void {
    this.#duplicate += 1
    addLine(this.#repeated, line)
  }

  /** A row with the same order, stage and time as an earlier one that counts nevertheless. */
  countSameStep(line: number): void {
    addLine(this.#sameSteps, line)
  }

  countTaken(as: 'accepted' | 'duplicate', rows = 1): void {
    if (as === 'accepted') this.#accepted += rows
    else this.#duplicate += rows
  }

  /** @param value the value of the invalid column, formatted for messages. */
  countRejected(line: number, rejection: Rejection, value?: string, unit?: RejectedRow['unit']): void {
    const { field, message, code, cause } = rejection
    this.#rejected += 1
    const keyOf = (column: string) => `${column}\0${code}\0${cause ?? ''}`
    const known = this.#rejections.get(keyOf(field))
    const column = known !== undefined || this.#rejections.size < maxGroups ? field : ''
    const empty = { column, code, ...(cause !== undefined && { cause }), count: 0, first: [] }
    const group = known ?? this.#rejections.get(keyOf(column)) ?? empty
    this.#rejections.set(keyOf(column), group)
    group.count += 1
    if (group.first.length < shownRejections) group.first.push({ line, unit, value, message })
  }

  /** Most frequent first. */
  rejections(): readonly RejectionGroup[] {
    return [...this.#rejections.values()].toSorted((a, b) => b.count - a.count)
  }

  /** Rows that repeat an earlier one. */
  get repeated(): CountedLines {
    return this.#repeated
  }

  /** Rows with the same order, stage and time as an earlier one that count nevertheless. */
  get sameSteps(): CountedLines {
    return this.#sameSteps
  }

  /** Number of rows whose start of work is after its end, and that count without the start. */
  get startsIgnored(): number {
    return this.#startsIgnored
  }

  /** Number of rows by stage, most frequent first. */
  stageRows(): readonly { readonly stage: string; readonly rows: number }[] {
    return [...this.#stages].map(([stage, rows]) => ({ stage, rows })).toSorted((a, b) => b.rows - a.rows)
  }

  /** Stages that only differ in case, width, whitespace and joiners: most likely different spellings of one stage. */
  similarStages(): string[][] {
    const byKey = Map.groupBy(this.#stages.keys(), (stage) =>
      stage
        .normalize('NFKC')
        .toLowerCase()
        .replaceAll(/[\s_-]/g, ''),
    )
    return [...byKey.values()].filter((stages) => stages.length > 1)
  }

  get rows(): number {
    return this.#accepted + this.#duplicate + this.#rejected
  }

  get decided(): DecidedRows {
    return { rows: this.rows, accepted: this.#accepted, duplicate: this.#duplicate, rejected: this.#rejected }
  }

  summary(): RowSummary {
    return {
      ...this.decided,
      orders: this.#countRun().distinct,
      stages: this.#stages.size,
      elapsedMs: Math.round(performance.now() - this.#beganAt),
    }
  }

  /** Orders with so many rows that their number is probably shared by many orders, most frequent first. */
  crowdedOrders(): readonly { readonly order: string; readonly rows: number }[] {
    this.#countRun()
    return [...this.#crowded].map(([order, rows]) => ({ order, rows })).toSorted((a, b) => b.rows - a.rows)
  }

  /** Adds the rows of the run that has ended. */
  #countRun(): OccurrenceCounter {
    if (this.#run !== undefined) {
      const { order, rows } = this.#run
      this.#run = undefined
      const count = this.#orders.addText(order, rows)
      if (count >= crowdedRows && (this.#crowded.has(order) || this.#crowded.size < maxCrowded))
        this.#crowded.set(order, count)
    }
    return this.#orders
  }

  #countStage(stage: string): void {
    const known = this.#stages.get(stage)
    if (known !== undefined) this.#stages.set(stage, known + 1)
    else if (this.#stages.size < maxStages) this.#stages.set(stage, 1)
  }
}

/** Rejected rows as console lines, most frequent causes first. */
export function rejectionLines(groups: readonly RejectionGroup[]): string[] {
  return groups.flatMap(({ column, code, count, first }) => {
    const where = column === '' ? '' : `${column}: `
    const lines = first.map(({ line, unit = 'line', message }) => `${unit} ${line}: ${where}${message} (${code})`)
    const more = count - first.length
    return more > 0 ? [...lines, `… and ${plural(more, 'more rejected row')} (${where}${code})`] : lines
  })
}
