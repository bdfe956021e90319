import type { LogRow } from './read-log.ts'

/** The meaning of a row: the order entered the stage, or completed it. */
export type RowMeaning = 'entered' | 'completed'

/** The expected figures of one stage, computed in the simplest way from all rows. */
export interface NaiveStage {
  /** Ascending. */
  readonly dwells: number[]
  readonly orders: Set<string>
  rework: number
  wip: number
}

export function naiveStatistics(rows: readonly LogRow[], meaning: RowMeaning): Map<string, NaiveStage> {
  const stages = new Map<string, NaiveStage>()
  for (const { stage } of rows) stageOf(stages, stage)
  for (const [order, unsorted] of Map.groupBy(rows, (row) => row.order)) {
    const sorted = unsorted.toSorted((a, b) => a.at - b.at || a.row - b.row)
    const { ended, open } = meaning === 'completed' ? completedVisits(sorted) : enteredVisits(sorted)
    for (const [i, { stage, dwellMs }] of ended.entries()) {
      const known = stageOf(stages, stage)
      known.dwells.push(dwellMs)
      known.orders.add(order)
      if (ended.slice(0, i).some((earlier) => earlier.stage === stage)) known.rework += 1
    }
    if (open !== undefined) stageOf(stages, open).wip += 1
  }
  for (const { dwells } of stages.values()) dwells.sort((a, b) => a - b)
  return stages
}

/** The stage of that name; it is created without visits if it does not exist. */
export function stageOf(stages: Map<string, NaiveStage>, name: string): NaiveStage {
  const stage = stages.get(name) ?? { dwells: [], orders: new Set(), rework: 0, wip: 0 }
  stages.set(name, stage)
  return stage
}

interface NaiveVisits {
  readonly ended: readonly { readonly stage: string; readonly dwellMs: number }[]
  /** The stage that the order is still in. */
  readonly open: string | undefined
}

/** Each row ends a visit that started at the previous row. */
function completedVisits(rows: readonly LogRow[]): NaiveVisits {
  return { ended: rows.map(({ stage, at }, i) => ({ stage, dwellMs: at - (rows[i - 1]?.at ?? at) })), open: undefined }
}

/** A visit lasts until the next row of another stage. */
function enteredVisits(rows: readonly LogRow[]): NaiveVisits {
  const moves = rows.filter(({ stage }, i) => stage !== rows[i - 1]?.stage)
  const left = moves.slice(0, -1)
  return {
    ended: left.map(({ stage, at }, i) => ({ stage, dwellMs: (moves[i + 1]?.at ?? at) - at })),
    open: moves.at(-1)?.stage,
  }
}

/** The exact nearest-rank percentile; NaN if there are no values. */
export function nearestRank(ascending: readonly number[], q: number): number {
  return ascending[Math.max(0, Math.ceil(q * ascending.length) - 1)] ?? Number.NaN
}
