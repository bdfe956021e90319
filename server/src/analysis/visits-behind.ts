import { maxAnalysisDays } from '@stagewatch/shared/contract/analysis.ts'
import { visitsPerPage } from '@stagewatch/shared/contract/analysis-visits.ts'
import type { VisitsAnswer, VisitsQuery } from '@stagewatch/shared/contract/analysis-visits.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { ScanWatch } from '../engine/scans/scan-watch.ts'
import { ColumnFinder, timeColumns } from '../engine/time-columns.ts'
import type { ColumnKind } from '../engine/time-columns.ts'
import { rowsPerBatch } from '../engine/visit-batch.ts'
import type { VisitBatch } from '../engine/visit-batch.ts'
import type { VisitRow } from '../engine/visit-columns.ts'
import { AppError } from '../platform/app-error.ts'
import { inSlices } from '../platform/in-slices.ts'
import { olderThan } from '../query/older-visits.ts'
import { analysisFilter, analysisPeriod, analysisStages } from './analysis-period.ts'
import type { AnalysisPeriod } from './analysis-period.ts'
import { comparedDays } from './compare-periods.ts'

const dayMs = 86_400_000

/**
 * A page of the finished visits behind a figure, longest first.
 * @param now epoch ms.
 * @throws AppError `invalid_field` if the period is invalid or too long, `not_found` if there is no such stage.
 */
export async function listVisits(
  engine: LiveEngine,
  query: VisitsQuery,
  now: number,
  watch = new ScanWatch(),
): Promise<Omit<VisitsAnswer, 'asOf' | 'position'>> {
  const [stage] = query.stage === undefined ? [] : analysisStages(engine, query)
  if (query.stage !== undefined && stage === undefined)
    throw new AppError('not_found', 'there is no such stage', { field: 'stage' })
  const { period, tests } = testsOf(engine, query, now)
  const { offset, clock } = query
  const longest = new LongestVisits(offset + visitsPerPage)
  await inSlices(watch.whileWanted(scan()))
  const page = longest.sorted.slice(offset)
  const next = offset + page.length
  return {
    from: period.from,
    to: period.endsAt,
    ...(stage !== undefined && { stageName: stage.definition.name }),
    visits: page.flatMap(({ dwellMs, row: { order, stage: of, enteredAt, leftAt, rework, breach } }) => {
      const name = engine.orders.numbered(order)?.head.order
      return name === undefined
        ? []
        : {
            order: name,
            stageName: engine.stage(of).definition.name,
            enteredAt,
            leftAt,
            dwellMs,
            rework,
            breached: breach !== undefined,
          }
    }),
    total: longest.total,
    ...(next < longest.total && next <= maxOffset && { nextOffset: next }),
    ...olderThan(engine, period.from),
  }

  function* scan(): Generator<void> {
    const { finished } = engine.ended
    const filter = analysisFilter(engine, query, period)
    // Both instants are read instead of the dwell, because tests of visits need them.
    for (const batch of finished.batches({ filter, clock, id: 'stage', also: 'span' })) {
      const wanted = tests.map((test) => test(batch))
      for (let place = 0; place < batch.count; place++) {
        if (!wanted.every((passes) => passes(place))) continue
        const id = batch.rowAt(place)
        if (longest.count(finished.dwellMs(id, clock))) longest.add(finished.read(id), clock)
      }
      yield
    }
  }
}

/** Maximum offset of a page. */
const maxOffset = 10_000

/** Prepared for a batch: whether the visit at a position matches. */
type BatchTest = (batch: VisitBatch) => (place: number) => boolean

function testsOf(
  engine: LiveEngine,
  query: VisitsQuery,
  now: number,
): { readonly period: AnalysisPeriod; readonly tests: readonly BatchTest[] } {
  const { side, weekday, hourOfDay, entered } = query
  const matched = side === undefined ? undefined : comparedDays(engine, query, now)
  const span = matched === undefined ? undefined : matched.periods[side ?? 'after']
  const period = span === undefined ? analysisPeriod(engine, query, now) : { ...span, endsAt: span.to }
  const from = entered === 'period' ? period.from : period.from - maxAnalysisDays * dayMs
  const tests: BatchTest[] = []
  if (matched !== undefined && side !== undefined) {
    const days = new Set(matched.pairs.map((pair) => pair[side]))
    const { names, starts } = timeColumns('day', period.from, period.endsAt, engine.days)
    const wanted = Uint8Array.from(names, (day) => Number(days.has(day)))
    tests.push(columnTest(new ColumnFinder(starts), 'leftAt', (column) => wanted[column] === 1))
  }
  const entry = (kind: ColumnKind, value: number): void => {
    const { names, starts } = timeColumns(kind, from, period.endsAt + dayMs, engine.days)
    const wanted = names.indexOf(value)
    tests.push(columnTest(new ColumnFinder(starts), 'enteredAt', (column) => column === wanted))
  }
  if (weekday !== undefined) entry('weekday', weekday)
  if (hourOfDay !== undefined) entry('hourOfDay', hourOfDay)
  if (weekday !== undefined || hourOfDay !== undefined || entered !== undefined) {
    const begin = timeColumns('day', from, from + 1, engine.days).from
    tests.push(
      ({ enteredAt }) =>
        (place) =>
          (enteredAt[place] ?? 0) >= begin,
    )
  }
  return { period, tests }
}

function columnTest(
  finder: ColumnFinder,
  instant: 'enteredAt' | 'leftAt',
  isWanted: (column: number) => boolean,
): BatchTest {
  const columns = new Int32Array(rowsPerBatch)
  return (batch) => {
    finder.find(batch[instant], batch.count, columns)
    return (place) => isWanted(columns[place] ?? 0)
  }
}

interface FoundVisit {
  readonly row: VisitRow
  readonly dwellMs: number
}

/** Collects the longest visits and counts all. */
class LongestVisits {
  total = 0
  readonly #limit: number
  #found: FoundVisit[] = []
  /** Visits that are not longer than this are dropped. */
  #leastMs = -1

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Longest first; equal ones in the order in which their orders arrived. */
  get sorted(): readonly FoundVisit[] {
    const sorted = this.#found.toSorted((a, b) => b.dwellMs - a.dwellMs || a.row.order - b.row.order)
    return sorted.slice(0, this.#limit)
  }

  /** Counts a visit with this dwell. Returns whether it may be one of the longest. */
  count(dwellMs: number): boolean {
    this.total += 1
    return dwellMs >= this.#leastMs
  }

  add(row: VisitRow, clock: VisitsQuery['clock']): void {
    const dwellMs = clock === 'working' ? row.workingMs : row.leftAt - row.enteredAt
    this.#found.push({ row, dwellMs })
    // Pruned only occasionally, so that most visits cost nothing extra.
    if (this.#found.length < 4 * this.#limit) return
    this.#found = [...this.sorted]
    this.#leastMs = this.#found.at(-1)?.dwellMs ?? -1
  }
}
