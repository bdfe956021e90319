import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { initialMeasureState, evaluateMeasure } from '@stagewatch/shared/domain/alerts/alert-measure.ts'
import type { MeasureState } from '@stagewatch/shared/domain/alerts/alert-measure.ts'
import type { AlertScope, MeasureCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { isStageInScope } from '@stagewatch/shared/domain/alerts/condition-spans.ts'
import { bucketMs } from '../engine/bucket-series.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { coalesce } from '../platform/coalesce.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { loadAlertRules } from './alert-rules-table.ts'
import type { StoredAlertRule } from './alert-rules-table.ts'
import { addToLog, beginAlerts, endAlerts, loadOpenMeasureAlerts, setUnknown } from './alerts-table.ts'
import type { AlertReaction } from './alert-watch.ts'
import type { AlertBeginning, AlertSubject, StoredAlert } from './alerts-table.ts'
import { startLadder } from './take-step.ts'

const hourMs = 3_600_000

type MeasureRule = StoredAlertRule & { readonly condition: MeasureCondition }

/** A place where a measure is taken, and its value; undefined if there is nothing to measure. */
interface Measured {
  readonly place: Pick<AlertSubject, 'process' | 'stage' | 'source'>
  readonly value: number | undefined
}

interface MeasureWatchOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
  readonly reaction?: AlertReaction | undefined
}

/**
 * Records when measures of stages, processes and sources start and stop to exceed the limit of a rule. Runs on one
 * server instance at a time, because how long a measure has been above its limit follows from earlier evaluations. An
 * instance that takes over starts to count again, and reads from the database which alerts are open.
 */
export class MeasureWatch {
  readonly #options: MeasureWatchOptions
  /** By the key of the potential alert. */
  #states = new Map<string, MeasureState>()

  constructor(options: MeasureWatchOptions) {
    this.#options = options
  }

  readonly look = coalesce(async () => {
    const next = new Map<string, MeasureState>()
    for (const pipeline of await this.#options.sites.list()) await this.#lookAt(pipeline, next)
    // Drops the state of places that no rule covers any more.
    this.#states = next
  })

  async #lookAt(pipeline: SitePipeline, next: Map<string, MeasureState>): Promise<void> {
    const { database, clock } = this.#options
    const { code: site } = pipeline.site
    const rules = (await loadAlertRules(database, site)).filter(isMeasureRule)
    const recorded = new Map((await loadOpenMeasureAlerts(database, site)).map((alert) => [keyOf(site, alert), alert]))
    if (rules.length === 0 && recorded.size === 0) return
    const [now, elapsed] = [clock.now(), clock.elapsed()]
    const begun: AlertBeginning[] = []
    const unknown: { alert: StoredAlert; isUnknown: boolean }[] = []
    for (const rule of rules) {
      for (const { place, value } of valuesOf(rule, pipeline, now)) {
        const subject = { ruleId: rule.id, ...place, order: '', nth: 0 }
        const key = keyOf(site, subject)
        const alert = recorded.get(key)
        const before = { ...(this.#states.get(key) ?? initialMeasureState), isAlert: alert !== undefined }
        const state = evaluateMeasure(rule.condition, before, value, elapsed)
        next.set(key, state)
        if (state.isAlert && alert === undefined)
          begun.push({ ...subject, beganAt: now, activeFrom: rule.activeFrom, eventCount: 0 })
        if (!state.isAlert) continue
        recorded.delete(key)
        if (alert !== undefined && alert.isUnknown !== state.isUnknown) {
          unknown.push({ alert, isUnknown: state.isUnknown })
        }
      }
    }
    // The remaining alerts are below the limit again, or no rule covers them.
    const ended = [...recorded.values()].map(({ id }) => ({ id, eventCount: undefined }))
    if (begun.length + ended.length + unknown.length === 0) return
    await database.transaction(async (tx) => {
      const over = await endAlerts(tx, site, ended, now)
      await addToLog(
        tx,
        site,
        over.map((alertId) => ({ alertId, at: now, kind: 'ended' as const })),
      )
      await this.#options.reaction?.ended(tx, site, over, now)
      for (const { alert, isUnknown } of unknown) await setUnknown(tx, site, alert.id, isUnknown)
      await this.#begin(tx, pipeline, rules, begun, now)
    })
  }

  async #begin(
    tx: Queryable,
    pipeline: SitePipeline,
    rules: readonly MeasureRule[],
    begun: readonly AlertBeginning[],
    now: number,
  ): Promise<void> {
    const { site, engine } = pipeline
    const byId = new Map(rules.map((rule) => [rule.id, rule]))
    const started = (await beginAlerts(tx, site.code, begun, now)).flatMap((alert) => {
      const rule = byId.get(alert.ruleId)
      return rule === undefined ? [] : [{ alert, rule }]
    })
    for (const one of started) await startLadder(tx, site.code, { ...one, engine })
    await this.#options.reaction?.began(tx, pipeline, started, now)
  }
}

function isMeasureRule(rule: StoredAlertRule): rule is MeasureRule {
  return rule.enabled && rule.condition.kind === 'measure'
}

/** Every place that a rule covers. */
function valuesOf({ condition, scope }: MeasureRule, { engine, sources }: SitePipeline, now: number): Measured[] {
  switch (condition.measure) {
    case 'silenceRatio':
      return Object.entries(sources.freshness())
        .filter(([source]) => scope.sources?.includes(source) ?? true)
        .map(([source, { lastReceivedAt, intervalMs }]) => ({
          place: { process: '', stage: '', source },
          // No reporting interval is configured.
          value: intervalMs === undefined ? undefined : (now - lastReceivedAt) / intervalMs,
        }))
    case 'overdueCount':
      return [...engine.processes()]
        .filter(({ definition }) => scope.processes?.includes(definition.code) ?? true)
        .map(({ definition, stages }) => ({
          place: { process: definition.code, stage: '', source: '' },
          value: stages.some(({ counts }) => counts.limited > 0)
            ? stages.reduce((sum, { counts }) => sum + counts.overdue, 0)
            : undefined,
        }))
    case 'breachRatio':
      return ofStages(scope, engine.stages(), ({ counts }) =>
        counts.limited === 0 ? (counts.wip === 0 ? 0 : undefined) : counts.overdue / counts.wip,
      )
    case 'wipCount':
      return ofStages(scope, engine.stages(), ({ counts }) => counts.wip)
    case 'growthPerHour':
      return ofStages(
        scope,
        engine.stages(),
        ({ counts, wipBuckets }) => counts.wip - wipBuckets.valueAt(Math.floor((now - hourMs) / bucketMs) * bucketMs),
      )
  }
}

function ofStages(
  scope: AlertScope,
  stages: readonly StageAggregates[],
  valueOf: (stage: StageAggregates) => number | undefined,
): Measured[] {
  return stages
    .filter(({ process, definition }) => isStageInScope(scope, process, definition.code))
    .map((stage) => ({
      place: { process: stage.process, stage: stage.definition.code, source: '' },
      value: valueOf(stage),
    }))
}

function keyOf(site: string, { ruleId, process, stage, source }: Omit<AlertSubject, 'order' | 'nth'>): string {
  return JSON.stringify([site, ruleId, process, stage, source])
}
