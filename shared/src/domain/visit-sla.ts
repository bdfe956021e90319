import { cutOffAt } from './cut-off.ts'
import type { CutOff } from './cut-off.ts'
import type { OrderAttributes } from './order-attributes.ts'
import type { StageDefinition } from './process-definition.ts'
import type { StageVisit } from './stage-visit.ts'
import { isMet } from './target-rule.ts'
import type { WorkingCalendar } from './time/working-calendar.ts'

/** The limits that apply to a visit. Durations are ms on the target's clock. */
export interface VisitSla {
  readonly calendar: WorkingCalendar
  /** Undefined: the visit has no limit, so it is never at risk or overdue. */
  readonly targetMs?: number
  /** Share of the target from which the order is at risk, 0..1. */
  readonly warnAtRatio: number
  /** Without progress for this long the order is stalled. Undefined: never. */
  readonly stallAfterMs?: number
  /** Index of the applicable rule in the stage's `targets`, from 0. Undefined: the stage's own limits apply. */
  readonly rule?: number
  /** The promised date is the limit, because it is earlier than the target. */
  readonly byPromise?: true
  /** The cut-off is the limit, because it is earlier than the target and the promised date. */
  readonly byCutOff?: true
}

/** Terms that all visits of a stage share, by its definition and the calendar. */
const shared = new WeakMap<StageDefinition, VisitSla>()

/** Terms without rules, promises and cut-offs; cached, because millions of visits need them. */
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
 * The terms of a visit by the definition of its stage that was in force when it began: the first rule that the order
 * meets, else the stage's own limits; the limit is the earliest of the target, the promise and the cut-off.
 */
export function visitSla(
  definition: StageDefinition,
  visit: StageVisit,
  attributes: OrderAttributes,
  calendar: WorkingCalendar,
): VisitSla {
  const { targets, promiseLeadMs: lead, cutOff: daily } = definition
  if (targets === undefined && lead === undefined && daily === undefined) return sharedTerms(definition, calendar)
  const rule = ruleOf(definition, visit, attributes)
  const { targetMs, stallAfterMs, warnAtRatio, promiseLeadMs, cutOff } = limitsOf(definition, rule)
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

/**
 * Whether a visit of this duration has passed its limit: like `visitSla`, but it stops at the first limit that is
 * passed.
 * @param clockMs On the target's clock.
 */
export function isPastTarget(
  definition: StageDefinition,
  visit: StageVisit,
  attributes: OrderAttributes,
  calendar: WorkingCalendar,
  clockMs: number,
): boolean {
  const { targetMs, promiseLeadMs, cutOff } = limitsOf(definition, ruleOf(definition, visit, attributes))
  return (
    clockMs >= (targetMs ?? Infinity) ||
    clockMs >= (promiseLimitMs(visit, attributes, promiseLeadMs, calendar) ?? Infinity) ||
    clockMs >= (cutOffLimitMs(visit, cutOff, calendar) ?? Infinity)
  )
}

/** Index of the stage's rule that applies; -1: none. */
function ruleOf({ targets }: StageDefinition, { department }: StageVisit, attributes: OrderAttributes): number {
  return targets?.findIndex(({ when }) => isMet(when, attributes, department)) ?? -1
}

type Limits = Pick<StageDefinition, 'targetMs' | 'stallAfterMs' | 'warnAtRatio' | 'promiseLeadMs' | 'cutOff'>

/** Cache by definition and rule. */
const knownLimits = new WeakMap<StageDefinition, Limits[]>()

/** The limits of a stage, overridden by those of one of its rules. */
function limitsOf(definition: StageDefinition, rule: number): Limits {
  const ofRule = definition.targets?.[rule]
  if (ofRule === undefined) return definition
  let known = knownLimits.get(definition)
  if (known === undefined) knownLimits.set(definition, (known = []))
  return (known[rule] ??= { ...definition, ...ofRule })
}

/** Working time until the promise's limit; at least 1 ms, because 0 would mean no limit. */
function promiseLimitMs(
  visit: StageVisit,
  { promisedAt }: OrderAttributes,
  promiseLeadMs: number | undefined,
  calendar: WorkingCalendar,
): number | undefined {
  if (promisedAt === undefined || promiseLeadMs === undefined) return undefined
  return Math.max(1, calendar.workingMs(visit.enteredAt, promisedAt - promiseLeadMs))
}

/** Working time until the cut-off, in the same way. */
function cutOffLimitMs(visit: StageVisit, cutOff: CutOff | undefined, calendar: WorkingCalendar): number | undefined {
  const dueAt = cutOff && cutOffAt(cutOff, visit.enteredAt, calendar.days)
  return dueAt === undefined ? undefined : Math.max(1, calendar.workingMs(visit.enteredAt, dueAt))
}
