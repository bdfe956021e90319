import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { VisitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import { DayCounts } from './day-counts.ts'
import { MarkSeries } from './mark-series.ts'
import { OpenAges } from './open-ages.ts'

/** How many of a stage's open orders are in each state. States overlap, so the counts do not add up to `wip`. */
export interface StageCounts {
  wip: number
  overdue: number
  atRisk: number
  /** At risk and near the limit. */
  soon: number
  stalled: number
  held: number
  /** Overdue without an owner. */
  unclaimed: number
}

/** What the engine keeps of one stage of one process. */
export class StageLedger {
  readonly process: string
  readonly index: number
  definition: StageDefinition
  /** Visits that are counted in, cancelled ones included. */
  visitCount = 0
  readonly counts: StageCounts = { wip: 0, overdue: 0, atRisk: 0, soon: 0, stalled: 0, held: 0, unclaimed: 0 }
  /** Open orders over time. */
  readonly wipMarks = new MarkSeries()
  /** Overdue orders over time. */
  readonly overdueMarks = new MarkSeries()
  readonly openAges = new OpenAges()
  readonly arrivals = new DayCounts()
  readonly departures = new DayCounts()

  constructor(process: string, index: number, definition: StageDefinition) {
    this.process = process
    this.index = index
    this.definition = definition
  }

  /** @param delta 1 to count an open order in, −1 to take it out as it was counted. */
  count(status: VisitStatus, claimed: boolean, delta: 1 | -1): void {
    const { counts } = this
    counts.wip += delta
    if (status.overdue) counts.overdue += delta
    if (status.atRisk) counts.atRisk += delta
    if (status.soon) counts.soon += delta
    if (status.stalled) counts.stalled += delta
    if (status.onHold) counts.held += delta
    if (status.overdue && !claimed) counts.unclaimed += delta
  }
}
