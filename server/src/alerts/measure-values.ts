import type { Kpis } from '@stagewatch/shared/contract/board.ts'
import type { AlertScope, MeasureCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { isStageInScope } from '@stagewatch/shared/domain/alerts/condition-spans.ts'
import type { ProcessMeasure, StageMeasure } from '@stagewatch/shared/domain/alerts/measures.ts'
import { buildKpis, leadTimeDays } from '../boards/build-board.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { ProcessAggregates } from '../engine/process-aggregates.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { SiteSources } from '../ingest/sources/site-sources.ts'
import type { AlertSubject } from './alerts-table.ts'
import { completionValue, hourAgo, isCompletionMeasure, openOrderValue, stageValue } from './measure-formulas.ts'

/** A stage, a process or a source; the other codes are empty. */
export type MeasuredPlace = Pick<AlertSubject, 'process' | 'stage' | 'source'>

/** A place where a measure is taken, and its value; undefined if there is nothing to measure. */
interface Measured {
  readonly place: MeasuredPlace
  readonly value: number | undefined
}

interface MeasuredRule {
  readonly condition: MeasureCondition
  readonly scope: AlertScope
}

/** Where the measures of a site are taken. */
export interface MeasuredSite {
  readonly engine: LiveEngine
  readonly sources: Pick<SiteSources, 'freshness'>
}

/** The measures of a site at one instant. Key figures that several rules need are computed once. */
export class MeasureValues {
  readonly #site: MeasuredSite
  readonly #now: number
  readonly #kpis = new Map<ProcessAggregates, Kpis>()

  /** @param now Epoch ms. */
  constructor(site: MeasuredSite, now: number) {
    this.#site = site
    this.#now = now
  }

  /** Every place that a rule covers. */
  of({ condition: { measure }, scope }: MeasuredRule): Measured[] {
    switch (measure) {
      case 'silenceRatio':
        return sourcesIn(this.#site, scope).map(({ place, lastReceivedAt, intervalMs }) => ({
          place,
          // Undefined: no reporting interval is configured.
          value: intervalMs === undefined ? undefined : (this.#now - lastReceivedAt) / intervalMs,
        }))
      case 'breachRatio':
      case 'wipCount':
      case 'growthPerHour':
        return stagesIn(this.#site, scope).map((stage) => ({
          place: placeOfStage(stage),
          value: this.#ofStage(stage, measure),
        }))
      default:
        return processesIn(this.#site, scope).map((process) => ({
          place: placeOfProcess(process),
          value: this.#ofProcess(process, measure),
        }))
    }
  }

  #ofStage({ counts, wipBuckets }: StageAggregates, measure: StageMeasure): number | undefined {
    const wipHourAgo = measure === 'growthPerHour' ? wipBuckets.valueAt(hourAgo(this.#now)) : 0
    return stageValue(measure, { ...counts, wipHourAgo })
  }

  #ofProcess(process: ProcessAggregates, measure: ProcessMeasure): number | undefined {
    const { overdue, onTime, open, leadTime } = this.#kpisOf(process)
    if (!isCompletionMeasure(measure))
      return openOrderValue(measure, { open: open.count, overdue: overdue.count, limited: overdue.judged ?? 0 })
    const { days } = this.#site.engine
    return completionValue(measure, {
      promised: onTime.signed,
      onTime: onTime.onTime,
      completed: leadTime.count,
      medianLeadMs: leadTime.medianMs,
      hasWholePeriod: process.arrivals.hasBefore(days.startOfOffset(this.#now, -leadTimeDays)),
    })
  }

  #kpisOf(process: ProcessAggregates): Kpis {
    let known = this.#kpis.get(process)
    if (known === undefined) {
      known = buildKpis({ process, engine: this.#site.engine }, this.#now)
      this.#kpis.set(process, known)
    }
    return known
  }
}

/** The sources that a rule covers and that have ever sent events. */
export function sourcesIn({ sources }: Pick<MeasuredSite, 'sources'>, scope: AlertScope) {
  return Object.entries(sources.freshness())
    .filter(([source]) => scope.sources?.includes(source) ?? true)
    .map(([source, { lastReceivedAt, intervalMs }]) => ({
      place: { process: '', stage: '', source },
      lastReceivedAt,
      intervalMs,
    }))
}

export function stagesIn({ engine }: Pick<MeasuredSite, 'engine'>, scope: AlertScope): StageAggregates[] {
  return engine.stages().filter(({ process, definition }) => isStageInScope(scope, process, definition.code))
}

export function placeOfStage({ process, definition }: StageAggregates): MeasuredPlace {
  return { process, stage: definition.code, source: '' }
}

export function processesIn({ engine }: Pick<MeasuredSite, 'engine'>, { processes }: AlertScope): ProcessAggregates[] {
  return [...engine.processes()].filter(({ definition }) => processes?.includes(definition.code) ?? true)
}

export function placeOfProcess({ definition }: ProcessAggregates): MeasuredPlace {
  return { process: definition.code, stage: '', source: '' }
}
