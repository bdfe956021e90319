import { cutOffAt } from './cut-off.ts'
import type { CutOff } from './cut-off.ts'
import type { OrderAttributes } from './order-attributes.ts'
import type { StageDefinition } from './process-definition.ts'
import type { StageVisit } from './stage-visit.ts'
import { isMet } from './target-rule.ts'
import type { WorkingCalendar } from './time/working-calendar.ts'

/** What a visit is held against. Durations are ms on the target's clock. */
export interface VisitSla {
  readonly calendar: WorkingCalendar
  /** Undefined: the visit has no limit, so it is never at risk or overdue. */
  readonly targetMs?: number
  /** Share of the target from which the order is at risk, 0..1. */
  readonly warnAtRatio: number
  /** Without a progress event for so long the order is stalled; undefined: never. */
  readonly stallAfterMs?: number
  /** Which of the stage's `targets` counts, from 0; undefined: the stage's own limits. */
  readonly rule?: number
  /** The promise comes before the target and is the limit. */
  readonly byPromise?: true
  /** The cut-off comes before the target and the promise and is the limit. */
  readonly byCutOff?: true
}

/** Terms that all visits of a stage share, by its definition and the calendar. */
const shared = new WeakMap<StageDefinition, VisitSla>()

/** Where neither rules nor promises nor cut-offs count: made once, because millions of visits ask for them. */
function sharedTerms(definition: StageDefinition, calendar: WorkingCalendar): VisitSla {
  const known = shared.get(definition)
  if (known?.calendar === calendar) return known
  const { targetMs, warnAtRatio, stallAfterMs } = definition
  const sla = {
    calendar,
    warnAtRatio,
    ...(targetMs !== undefined && { targetMs }),
    ...(stallAfterMs !== undefined && { stallAfterMs }),
  }
  shared.set(definition, sla)
  return sla
}

/**
 * The terms of a visit by the definition of its stage that was valid when it began: the first rule that the order
 * meets, else the stage's own limits; of the target, the promise and the cut-off the earliest.
 */
export function visitSla(
  definition: StageDefinition,
  visit: StageVisit,
  attributes: OrderAttributes,
  calendar: WorkingCalendar,
): VisitSla {
  const { targets, promiseLeadMs: lead, cutOff: daily } = definition
  if (targets === undefined && lead === undefined && daily === undefined) return sharedTerms(definition, calendar)
  const rule = targets?.findIndex(({ when }) => isMet(when, attributes, visit.department)) ?? -1
  const { targetMs, stallAfterMs, warnAtRatio, promiseLeadMs, cutOff } = { ...definition, ...targets?.[rule] }
  const promiseMs = promiseLimitMs(visit, attributes, promiseLeadMs, calendar)
  const cutOffMs = cutOffLimitMs(visit, cutOff, calendar)
  const byCutOff = cutOffMs !== undefined && cutOffMs < Math.min(targetMs ?? Infinity, promiseMs ?? Infinity)
  const byPromise = !byCutOff && promiseMs !== undefined && promiseMs < (targetMs ?? Infinity)
  const limitMs = byCutOff ? cutOffMs : byPromise ? promiseMs : targetMs
  return {
    calendar,
    warnAtRatio,
    ...(limitMs !== undefined && { targetMs: limitMs }),
    ...(stallAfterMs !== undefined && { stallAfterMs }),
    ...(rule >= 0 && { rule }),
    ...(byPromise && { byPromise }),
    ...(byCutOff && { byCutOff }),
  }
}

/** The working time that the promise leaves; a limit of nothing would be no limit, so it is 1 ms at least. */
function promiseLimitMs(
  visit: StageVisit,
  { promisedAt }: OrderAttributes,
  promiseLeadMs: number | undefined,
  calendar: WorkingCalendar,
): number | undefined {
  if (promisedAt === undefined || promiseLeadMs === undefined) return undefined
  return Math.max(1, calendar.workingMs(visit.enteredAt, promisedAt - promiseLeadMs))
}

/** The same of what the cut-off leaves. */
function cutOffLimitMs(visit: StageVisit, cutOff: CutOff | undefined, calendar: WorkingCalendar): number | undefined {
  const dueAt = cutOff && cutOffAt(cutOff, visit.enteredAt, calendar.days)
  return dueAt === undefined ? undefined : Math.max(1, calendar.workingMs(visit.enteredAt, dueAt))
}
