import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { initialMeasureState, evaluateMeasure } from '@stagewatch/shared/domain/alerts/alert-measure.ts'
import type { MeasureState } from '@stagewatch/shared/domain/alerts/alert-measure.ts'
import type { MeasureCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { coalesce } from '../platform/coalesce.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { loadAlertRules } from './alert-rules-table.ts'
import type { StoredAlertRule } from './alert-rules-table.ts'
import { addToLog, beginAlerts, endAlerts, loadOpenMeasureAlerts, setUnknown } from './alerts-table.ts'
import type { AlertReaction } from './alert-watch.ts'
import type { AlertBeginning, AlertSubject, StoredAlert } from './alerts-table.ts'
import { MeasureValues } from './measure-values.ts'
import { startLadder } from './take-step.ts'

/** Time between two looks. */
export const measureEveryMs = 10_000

type MeasureRule = StoredAlertRule & { readonly condition: MeasureCondition }

interface MeasureWatchOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
  readonly reaction?: AlertReaction | undefined
}

/**
 * Records when measures of stages, processes and sources start and stop to be beyond the threshold of a rule. Runs on one
 * server instance at a time, because how long a measure has been beyond it follows from earlier evaluations. An
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
    const values = new MeasureValues(pipeline, now)
    for (const rule of rules) {
      for (const { place, value } of values.of(rule)) {
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
    // The measures of the remaining alerts are good again, or no rule covers them.
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

function keyOf(site: string, { ruleId, process, stage, source }: Omit<AlertSubject, 'order' | 'nth'>): string {
  return JSON.stringify([site, ruleId, process, stage, source])
}
