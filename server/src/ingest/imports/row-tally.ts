import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { OccurrenceCounter } from '../files/occurrence-counter.ts'
import type { Rejection } from '../files/rejection.ts'
import { plural } from '../tables/table-remarks.ts'
import type { DecidedRows } from './import-monitor.ts'

/** What `--json` prints. The rows are those that were decided on: accepted + duplicate + rejected. */
export interface RowSummary extends DecidedRows {
  /** Different orders and stages among the rows that could be read. */
  readonly orders: number
  readonly stages: number
  readonly elapsedMs: number
}

/** Of each column and cause. */
const shownRejections = 3
/** Of rows about which the same is said. */
const shownLines = 5
/** Columns and causes that are told apart. */
const maxGroups = 50
/** No process has so many; counting ends there so that a wrong column does not fill the memory. */
const maxStages = 10_000

/** A row that was rejected. */
interface RejectedRow {
  readonly line: number
  /** What was counted where the line is not known any more. */
  readonly unit?: 'row' | undefined
  /** What stands in the column that is to blame, as a message shows it; undefined: none is, or it is empty. */
  readonly value?: string | undefined
  readonly message: string
}

/** Rows that were rejected for the same: in one column ('' when none is to blame), by one code. */
export interface RejectionGroup {
  readonly column: string
  readonly code: ProblemCode
  readonly count: number
  readonly first: readonly RejectedRow[]
}

/** How many rows something is said of, with the lines of the first. */
interface CountedLines {
  readonly count: number
  readonly lines: readonly number[]
}

function addLine(rows: { count: number; lines: number[] }, line: number): void {
  rows.count += 1
  if (rows.lines.length < shownLines) rows.lines.push(line)
}

/** Counts what became of the rows of a file. */
export class RowTally {
  readonly #beganAt = performance.now()
  readonly #orders = new OccurrenceCounter()
  /** Rows by stage. */
  readonly #stages = new Map<string, number>()
  #lastOrder: string | undefined
  readonly #rejections = new Map<string, { column: string; code: ProblemCode; count: number; first: RejectedRow[] }>()
  #accepted = 0
  #duplicate = 0
  #rejected = 0
  #startsIgnored = 0
  readonly #repeated = { count: 0, lines: [] as number[] }
  readonly #sameSteps = { count: 0, lines: [] as number[] }

  countRead(order: string, stage: string | undefined): void {
    if (stage !== undefined) this.#countStage(stage)
    if (order === this.#lastOrder) return
    this.#lastOrder = order
    this.#orders.addText(order)
  }

  countIgnoredStart(): void {
    this.#startsIgnored += 1
  }

  /** A row that tells again what an earlier one has told, and counts no more. */
  countRepeated(line: number): void {
    this.#duplicate += 1
    addLine(this.#repeated, line)
  }

  /** A row of the order, stage and time of an earlier one that counts all the same. */
  countSameStep(line: number): void {
    addLine(this.#sameSteps, line)
  }

  countTaken(as: 'accepted' | 'duplicate', rows = 1): void {
    if (as === 'accepted') this.#accepted += rows
    else this.#duplicate += rows
  }

  /** @param value what stands in the column that is to blame, as a message shows it. */
  countRejected(line: number, { field, message, code }: Rejection, value?: string, unit?: RejectedRow['unit']): void {
    this.#rejected += 1
    const key = `${field}\0${code}`
    const known = this.#rejections.get(key)
    const column = known !== undefined || this.#rejections.size < maxGroups ? field : ''
    const group = known ?? this.#rejections.get(`${column}\0${code}`) ?? { column, code, count: 0, first: [] }
    this.#rejections.set(`${column}\0${code}`, group)
    group.count += 1
    if (group.first.length < shownRejections) group.first.push({ line, unit, value, message })
  }

  /** The most frequent first. */
  rejections(): readonly RejectionGroup[] {
    return [...this.#rejections.values()].toSorted((a, b) => b.count - a.count)
  }

  /** How many rows tell again what an earlier one has told. */
  get repeated(): CountedLines {
    return this.#repeated
  }

  /** How many rows have order, stage and time of an earlier one and count. */
  get sameSteps(): CountedLines {
    return this.#sameSteps
  }

  /** Rows that say that work began after it ended, and that count without that. */
  get startsIgnored(): number {
    return this.#startsIgnored
  }

  /** Rows by stage, the most frequent first. */
  stageRows(): readonly { readonly stage: string; readonly rows: number }[] {
    return [...this.#stages].map(([stage, rows]) => ({ stage, rows })).toSorted((a, b) => b.rows - a.rows)
  }

  /** Stages that differ in nothing but case, width, blanks and joiners: most likely one that was spelled in several ways. */
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
      orders: this.#orders.distinct,
      stages: this.#stages.size,
      elapsedMs: Math.round(performance.now() - this.#beganAt),
    }
  }

  #countStage(stage: string): void {
    const known = this.#stages.get(stage)
    if (known !== undefined) this.#stages.set(stage, known + 1)
    else if (this.#stages.size < maxStages) this.#stages.set(stage, 1)
  }
}

/** Rejected rows as lines of a console, the most frequent causes first. */
export function rejectionLines(groups: readonly RejectionGroup[]): string[] {
  return groups.flatMap(({ column, code, count, first }) => {
    const where = column === '' ? '' : `${column}: `
    const lines = first.map(({ line, unit = 'line', message }) => `${unit} ${line}: ${where}${message} (${code})`)
    const more = count - first.length
    return more > 0 ? [...lines, `… and ${plural(more, 'more rejected row')} (${where}${code})`] : lines
  })
}
