import type { Database } from '@stagewatch/db/database.ts'
import type { OrderBackTest } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertScope, OrderCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { conditionSpans, isOrderInScope, isStageInScope } from '@stagewatch/shared/domain/alerts/condition-spans.ts'
import { attributesOfVisit } from '@stagewatch/shared/domain/attributes-of-visit.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { clockInstant, holdsDuring } from '@stagewatch/shared/domain/visit-clock.ts'
import type { VisitSla } from '@stagewatch/shared/domain/visit-sla.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import type { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import type { SiteRules } from '../engine/site-rules.ts'
import { AppError } from '../platform/app-error.ts'
import { readAllOrders } from '../projection/read-all-orders.ts'
import { WarningTally } from './warning-tally.ts'

const [hourMs, dayMs] = [3_600_000, 24 * 3_600_000]
/** A warning is early if it comes more than this much working time before the breach. */
const earlyMs = 4 * hourMs

type Warning = OrderBackTest['alerts'][number]

export interface BackTestOptions {
  readonly database: Database
  readonly site: string
  readonly rules: SiteRules
  readonly days: LocalDays
  readonly now: number
  /** Aborted when the client has disconnected. */
  readonly signal: AbortSignal
}

/**
 * The alerts that a rule about single orders would have caused in the last days, computed from the current data of the
 * orders that were open then. Uses the same conditions as live, over the whole of each visit instead of its present.
 */
export async function backTest(
  { condition, scope }: { readonly condition: OrderCondition; readonly scope: AlertScope },
  days: number,
  { database, site, rules, days: localDays, now, signal }: BackTestOptions,
): Promise<OrderBackTest> {
  const since = now - days * dayMs
  const tally = new WarningTally<Warning>(localDays)
  let [orderCount, earlyCount] = [0, 0]
  await readAllOrders(database, site, { endedSince: since }, (page) => {
    if (signal.aborted)
      throw new AppError('overloaded', 'the caller no longer waits for the answer', { retryAfterS: 1 })
    for (const { order, process, state } of page) {
      if (state === undefined) continue
      orderCount += 1
      for (const visit of state.visits) {
        if ((visit.leftAt ?? now) < since || !isStageInScope(scope, process, visit.stage)) continue
        const sla = rules.slaOf(process, visit, state.attributes)
        for (const warning of warningsOf(condition, scope, { order, process, state, visit, sla }, now)) {
          if (warning.beganAt < since) continue
          if (warning.leadMs !== undefined && warning.leadMs > earlyMs) earlyCount += 1
          tally.add(warning)
        }
      }
    }
  })
  return { kind: 'orders', days, earlyCount, orderCount, ...tally.summary }
}

interface TestedVisit {
  readonly order: string
  readonly process: string
  readonly state: FoldedOrder
  readonly visit: StageVisit
  readonly sla: VisitSla
}

function warningsOf(
  condition: OrderCondition,
  scope: AlertScope,
  { order, process, state, visit, sla }: TestedVisit,
  now: number,
): Warning[] {
  const subject = { visit, order: state, attributes: attributesOfVisit(state.attributes, visit), sla }
  if (!isOrderInScope(scope, subject)) return []
  return conditionSpans(condition, subject).flatMap(({ from, to }): Warning[] => {
    if (from > now) return []
    const leadMs = leadOf(subject, from, now)
    return [
      {
        order,
        process,
        stage: visit.stage,
        beganAt: Math.round(from),
        ...(to <= now && { endedAt: Math.round(to) }),
        ...(leadMs !== undefined && { leadMs }),
      },
    ]
  })
}

/**
 * Working ms from the warning to the breach of the visit; negative if the warning came later. Undefined if there was no
 * breach.
 */
function leadOf(
  { visit, order, sla }: Parameters<typeof isOrderInScope>[1],
  warnedAt: number,
  now: number,
): number | undefined {
  const { targetMs, calendar } = sla
  if (targetMs === undefined) return undefined
  const dueAt = clockInstant(visit, holdsDuring(order, visit), calendar, targetMs)
  if (dueAt === undefined || dueAt >= (visit.leftAt ?? Infinity) || dueAt > now) return undefined
  return warnedAt <= dueAt ? calendar.workingMs(warnedAt, dueAt) : -calendar.workingMs(dueAt, warnedAt)
}
