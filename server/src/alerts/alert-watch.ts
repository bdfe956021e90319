import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { acknowledge, nextLadderAction } from '@stagewatch/shared/domain/alerts/alert-ladder.ts'
import type { WorkingCalendar } from '@stagewatch/shared/domain/time/working-calendar.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { coalesce } from '../platform/coalesce.ts'
import { inSlices } from '../platform/in-slices.ts'
import { addJobs } from '../platform/jobs.ts'
import { announceChange } from '../platform/site-changes.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { AlertDeadlines } from './alert-deadlines.ts'
import { loadAlertRules } from './alert-rules-table.ts'
import type { StoredAlertRule } from './alert-rules-table.ts'
import { addToLog, beginAlerts, endAlerts, loadOpenOrderAlerts, loadWarnedOrders, saveLadder } from './alerts-table.ts'
import type { AlertBeginning, AlertEnding, StoredAlert } from './alerts-table.ts'
import { StageRules } from './stage-rules.ts'
import { startLadder, stepJob } from './take-step.ts'
import { releaseNotices } from './tell-receivers.ts'

/** What else follows from alerts, stored in the transaction that records that they begin or end. */
export interface AlertReaction {
  readonly began: (
    tx: Queryable,
    pipeline: SitePipeline,
    begun: readonly { readonly alert: StoredAlert; readonly rule: StoredAlertRule }[],
    now: number,
  ) => Promise<void>
  readonly ended: (tx: Queryable, site: string, ids: readonly number[], now: number) => Promise<void>
}

interface AlertWatchOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
  readonly reaction?: AlertReaction | undefined
}

/** Number of orders evaluated and recorded in one transaction. */
const lookedAtOnce = 500

interface WatchedSite {
  readonly pipeline: SitePipeline
  readonly deadlines: AlertDeadlines
  rules: ReadonlyMap<string, StoredAlertRule>
  /** The rules must be read again. */
  isStale: boolean
}

/**
 * Records when rules about single orders start and stop to hold. The engine decides which orders to evaluate; the
 * database decides who has been notified, so that a crash loses nothing and another server instance repeats nothing.
 * The job that notifies people is added in the transaction that records the start of an alert.
 */
export class AlertWatch {
  readonly #options: AlertWatchOptions
  readonly #watched = new Map<string, WatchedSite>()

  constructor(options: AlertWatchOptions) {
    this.#options = options
  }

  /** Called when the rules of a site have changed. */
  rulesChanged(site: string): void {
    const watched = this.#watched.get(site)
    if (watched !== undefined) watched.isStale = true
  }

  /**
   * Makes the next `catchUp` read the rules of all sites again: a notification may be lost with the session that
   * listens.
   */
  forgetRules(): void {
    for (const watched of this.#watched.values()) watched.isStale = true
  }

  /** Records the alerts that started or ended since the last call. After a failure, the orders are evaluated again. */
  readonly catchUp = coalesce(async () => {
    const open = await this.#options.sites.list()
    for (const pipeline of open) await this.#look(await this.#watch(pipeline))
    const codes = new Set(open.map(({ site }) => site.code))
    for (const code of this.#watched.keys()) if (!codes.has(code)) this.#watched.delete(code)
  })

  /** Compares all open alerts with the engines: the instance that would have ended them may be gone. */
  readonly reconcileAll = coalesce(async () => {
    for (const { pipeline, deadlines } of this.#watched.values()) {
      await this.#lookAtWarned(pipeline, deadlines)
    }
  })

  async #watch(pipeline: SitePipeline): Promise<WatchedSite> {
    const { code } = pipeline.site
    let watched = this.#watched.get(code)
    if (watched?.pipeline !== pipeline) {
      const deadlines = new AlertDeadlines(pipeline.engine)
      watched = { pipeline, deadlines, rules: new Map(), isStale: true }
      this.#watched.set(code, watched)
      await this.#lookAtWarned(pipeline, deadlines)
    }
    if (watched.isStale) await this.#readRules(watched)
    return watched
  }

  async #lookAtWarned({ site }: SitePipeline, deadlines: AlertDeadlines): Promise<void> {
    const orders = await loadWarnedOrders(this.#options.database, site.code)
    for (const order of orders) deadlines.noteWarned(order, true)
    deadlines.lookAgain(orders)
  }

  async #readRules(watched: WatchedSite): Promise<void> {
    watched.isStale = false
    try {
      const rules = await loadAlertRules(this.#options.database, watched.pipeline.site.code)
      if (sameRules(rules, watched.rules)) return
      watched.rules = new Map(rules.map((rule) => [rule.id, rule]))
      await inSlices(watched.deadlines.setRules(new StageRules(rules)))
    } catch (error) {
      watched.isStale = true
      throw error
    }
  }

  async #look(watched: WatchedSite): Promise<void> {
    const { deadlines } = watched
    for (;;) {
      const orders = await inSlices(deadlines.find(this.#options.clock.now(), lookedAtOnce))
      if (orders.length === 0) return
      try {
        await this.#reconcile(watched, orders)
      } catch (error) {
        deadlines.lookAgain(orders)
        throw error
      }
    }
  }

  /** Compares the recorded state of some orders with the engine's. */
  async #reconcile({ pipeline, deadlines, rules }: WatchedSite, orders: readonly string[]): Promise<void> {
    const { database, clock, reaction } = this.#options
    const { engine, site } = pipeline
    // Must come first: everything recorded before this query is already in the engine.
    const recorded = Map.groupBy(await loadOpenOrderAlerts(database, site.code, orders), ({ order }) => order)
    const now = clock.now()
    const begun: AlertBeginning[] = []
    const ended: AlertEnding[] = []
    const acknowledged: { alert: StoredAlert; at: number; by: string | undefined; calendar: WorkingCalendar }[] = []
    for (const order of orders) {
      const known = engine.order(order)
      const open = engine.open.get(known?.openSlot)
      const left = new Map((recorded.get(order) ?? []).map((alert) => [keyOf(alert), alert]))
      if (known !== undefined && open !== undefined) {
        const { visit, aggregates, sla } = open
        for (const { rule, since } of deadlines.rules.heldBy(open, now)) {
          const subject = { ruleId: rule.id, process: aggregates.process, order, source: '' }
          const place = { stage: visit.stage, nth: visit.nth }
          const key = keyOf({ ...subject, ...place })
          const alert = left.get(key)
          left.delete(key)
          const { eventCount } = known
          if (alert === undefined) {
            const beganAt = Math.round(since)
            begun.push({ ...subject, ...place, beganAt, activeFrom: rule.activeFrom, eventCount })
          } else if (isNews(alert, visit.acknowledged?.at)) {
            const { at, by } = visit.acknowledged ?? { at: now, by: undefined }
            acknowledged.push({ alert, at, by, calendar: sla.calendar })
          }
        }
      }
      for (const { id } of left.values()) ended.push({ id, eventCount: known?.eventCount })
    }
    await database.transaction(async (tx) => {
      const over = await endAlerts(tx, site.code, ended, now)
      await addToLog(
        tx,
        site.code,
        over.map((alertId) => ({ alertId, at: now, kind: 'ended' as const })),
      )
      await reaction?.ended(tx, site.code, over, now)
      const started = (await beginAlerts(tx, site.code, begun, now)).flatMap((alert) => {
        const rule = rules.get(alert.ruleId)
        return rule === undefined ? [] : [{ alert, rule }]
      })
      for (const one of started) await startLadder(tx, site.code, { ...one, engine })
      await reaction?.began(tx, pipeline, started, now)
      for (const { alert, at, by, calendar } of acknowledged) {
        const rule = rules.get(alert.ruleId)
        if (rule === undefined) continue
        await recordAcknowledgement(tx, site.code, { alert, rule, calendar }, at, by)
      }
      if (acknowledged.length > 0) await announceChange(tx, site.code, 'alerts')
    })
    const open = new Set((await loadOpenOrderAlerts(database, site.code, orders)).map(({ order }) => order))
    for (const order of orders) deadlines.noteWarned(order, open.has(order))
  }
}

/**
 * Stops further notifications while it is in effect, and ends a hand-over. To be called in a transaction in which the
 * alert is open.
 */
export async function recordAcknowledgement(
  tx: Queryable,
  site: string,
  {
    alert,
    rule,
    calendar,
    kind = 'acknowledged',
  }: {
    readonly alert: StoredAlert
    readonly rule: StoredAlertRule
    readonly calendar: WorkingCalendar
    /** `accepted`: by the colleague to whom it was handed over. */
    readonly kind?: 'acknowledged' | 'accepted'
  },
  at: number,
  by: string | undefined,
): Promise<void> {
  const ladder = acknowledge(rule, alert.ladder, calendar, at, by)
  const next = nextLadderAction(rule, ladder, calendar)
  await saveLadder(tx, site, alert, ladder, next?.at)
  if (next !== undefined) await addJobs(tx, [stepJob(site, alert.id, alert.revision + 1, next.at)])
  const until = ladder.acknowledged?.until
  const isFinite = until !== undefined && until !== Infinity
  await releaseNotices(tx, site, alert, at)
  await addToLog(tx, site, [
    { alertId: alert.id, at, kind, ...(by !== undefined && { by }), ...(isFinite && { until }) },
  ])
}

/** Whether the order was acknowledged after the alert began, and the alert does not reflect this yet. */
function isNews({ beganAt, ladder, isSilent }: StoredAlert, acknowledgedAt: number | undefined): boolean {
  if (acknowledgedAt === undefined || isSilent || acknowledgedAt < beganAt) return false
  // An acknowledgement that has expired was made before the ladder restarted.
  return acknowledgedAt > (ladder.acknowledged?.at ?? (ladder.round > 1 ? ladder.countsFrom : -Infinity))
}

function keyOf({ ruleId, order, stage, nth }: Pick<StoredAlert, 'ruleId' | 'order' | 'stage' | 'nth'>): string {
  return JSON.stringify([ruleId, order, stage, nth])
}

function sameRules(rules: readonly StoredAlertRule[], known: ReadonlyMap<string, StoredAlertRule>): boolean {
  return (
    rules.length === known.size && rules.every((rule) => JSON.stringify(known.get(rule.id)) === JSON.stringify(rule))
  )
}
