import type { Kpis } from '@stagewatch/shared/contract/board.ts'
import type { AlertScope, MeasureCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { isStageInScope } from '@stagewatch/shared/domain/alerts/condition-spans.ts'
import type { ProcessMeasure } from '@stagewatch/shared/domain/alerts/measures.ts'
import { minJudgedOnTime } from '@stagewatch/shared/domain/process-definition.ts'
import { buildKpis, leadTimeDays } from '../boards/build-board.ts'
import { bucketMs } from '../engine/bucket-series.ts'
import type { ProcessAggregates } from '../engine/process-aggregates.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { AlertSubject } from './alerts-table.ts'

const hourMs = 3_600_000

/** A place where a measure is taken, and its value; undefined if there is nothing to measure. */
interface Measured {
  readonly place: Pick<AlertSubject, 'process' | 'stage' | 'source'>
  readonly value: number | undefined
}

interface MeasuredRule {
  readonly condition: MeasureCondition
  readonly scope: AlertScope
}

/** The measures of a site at one instant. Key figures that several rules need are computed once. */
export class MeasureValues {
  readonly #pipeline: Pick<SitePipeline, 'engine' | 'sources'>
  readonly #now: number
  readonly #kpis = new Map<ProcessAggregates, Kpis>()

  /** @param now Epoch ms. */
  constructor(pipeline: Pick<SitePipeline, 'engine' | 'sources'>, now: number) {
    this.#pipeline = pipeline
    this.#now = now
  }

  /** Every place that a rule covers. */
  of({ condition: { measure }, scope }: MeasuredRule): Measured[] {
    switch (measure) {
      case 'silenceRatio':
        return this.#ofSources(scope)
      case 'breachRatio':
        return this.#ofStages(scope, ({ counts }) =>
          counts.limited === 0 ? (counts.wip === 0 ? 0 : undefined) : counts.overdue / counts.wip,
        )
      case 'wipCount':
        return this.#ofStages(scope, ({ counts }) => counts.wip)
      case 'growthPerHour': {
        const hourAgo = Math.floor((this.#now - hourMs) / bucketMs) * bucketMs
        return this.#ofStages(scope, ({ counts, wipBuckets }) => counts.wip - wipBuckets.valueAt(hourAgo))
      }
      default:
        return this.#ofProcesses(scope, measure)
    }
  }

  #ofSources({ sources }: AlertScope): Measured[] {
    return Object.entries(this.#pipeline.sources.freshness())
      .filter(([source]) => sources?.includes(source) ?? true)
      .map(([source, { lastReceivedAt, intervalMs }]) => ({
        place: { process: '', stage: '', source },
        // No reporting interval is configured.
        value: intervalMs === undefined ? undefined : (this.#now - lastReceivedAt) / intervalMs,
      }))
  }

  #ofStages(scope: AlertScope, valueOf: (stage: StageAggregates) => number | undefined): Measured[] {
    return this.#pipeline.engine
      .stages()
      .filter(({ process, definition }) => isStageInScope(scope, process, definition.code))
      .map((stage) => ({
        place: { process: stage.process, stage: stage.definition.code, source: '' },
        value: valueOf(stage),
      }))
  }

  #ofProcesses({ processes }: AlertScope, measure: ProcessMeasure): Measured[] {
    return [...this.#pipeline.engine.processes()]
      .filter(({ definition }) => processes?.includes(definition.code) ?? true)
      .map((process) => ({
        place: { process: process.definition.code, stage: '', source: '' },
        value: this.#ofProcess(process, measure),
      }))
  }

  /** Undefined where the board shows no value either. */
  #ofProcess(process: ProcessAggregates, measure: ProcessMeasure): number | undefined {
    const { overdue, onTime, open, leadTime } = this.#kpisOf(process)
    // None of the open orders has a limit.
    const isUnjudged = overdue.judged === 0 && open.count > 0
    switch (measure) {
      case 'onTimeRatio':
        return onTime.signed < minJudgedOnTime ? undefined : onTime.onTime / onTime.signed
      case 'leadTimeMs':
        return leadTime.medianMs
      case 'completedCount':
        return this.#hasWholePeriod(process) ? leadTime.count : undefined
      case 'openCount':
        return open.count
      case 'overdueCount':
        return isUnjudged ? undefined : overdue.count
      case 'overdueRatio':
        if (isUnjudged) return undefined
        return open.count === 0 ? 0 : overdue.count / open.count
    }
  }

  /** Whether the process had orders before the period of the lead time, so that a low number of them is meaningful. */
  #hasWholePeriod({ arrivals }: ProcessAggregates): boolean {
    return arrivals.hasBefore(this.#pipeline.engine.days.startOfOffset(this.#now, -leadTimeDays))
  }

  #kpisOf(process: ProcessAggregates): Kpis {
    let known = this.#kpis.get(process)
    if (known === undefined) {
      known = buildKpis({ process, engine: this.#pipeline.engine }, this.#now)
      this.#kpis.set(process, known)
    }
    return known
  }
}
