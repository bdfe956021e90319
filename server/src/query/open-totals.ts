import type { HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import type { TimeColumns } from '../engine/time-columns.ts'
import type { HeatCell } from './heat-cells.ts'

/** An instant at which open orders are counted. */
export interface Sample {
  readonly at: number
  readonly column: number
}

/** Ascending, none of them after `now`: each full hour, or the end of each day. */
export function samplesOf(columns: TimeColumns, now: number): Sample[] {
  const begun = columns.spans.filter(({ from }) => from <= now)
  return columns.kind === 'day'
    ? begun.map(({ to, column }) => ({ at: Math.min(to, now), column }))
    : begun.map(({ from, column }) => ({ at: from, column }))
}

/** Sums of the open orders at the samples of one column. */
export class OpenTotals {
  #samples = 0
  #open = 0
  #overdue = 0

  add(open: number, overdue: number): void {
    this.#samples += 1
    this.#open += open
    this.#overdue += overdue
  }

  /** @param unjudged there was no limit, so no order could be overdue. */
  cell(metric: HeatmapQuery['metric'], unjudged = false): HeatCell {
    const [part, whole] = metric === 'wip' ? [this.#open, this.#samples] : [this.#overdue, this.#open]
    const isUnknown = whole === 0 || (metric === 'breachRatio' && unjudged && part === 0)
    return { value: isUnknown ? null : part / whole, count: this.#open }
  }
}
