import type { FoldedOrder, HoldSpan } from '../fold-state.ts'
import type { OrderAttributes } from '../order-attributes.ts'
import type { StageVisit } from '../stage-visit.ts'
import { silentSpans, stalledSpans } from '../status-spans.ts'
import type { StatusSpan } from '../status-spans.ts'
import { isMet } from '../target-rule.ts'
import { alwaysOpen } from '../time/always-open.ts'
import { clockInstant, holdsDuring } from '../visit-clock.ts'
import type { VisitSla } from '../visit-sla.ts'
import type { AlertScope, OrderCondition } from './alert-rule.ts'

/** A visit with the data that conditions are evaluated on. */
export interface ConditionSubject {
  readonly visit: StageVisit
  readonly order: Pick<FoldedOrder, 'holds' | 'heldSince' | 'heldUntil'>
  /** As known during the visit, see `attributesOfVisit`. */
  readonly attributes: OrderAttributes
  readonly sla: VisitSla
}

/** Whether a rule applies to visits of the stage at all. */
export function isStageInScope({ processes, stages }: AlertScope, process: string, stage: string): boolean {
  return (processes?.includes(process) ?? true) && (stages?.includes(stage) ?? true)
}

/** Whether a rule applies to the order, given that it applies to its stage. */
export function isOrderInScope({ when }: AlertScope, { visit, attributes }: ConditionSubject): boolean {
  return when === undefined || isMet(when, attributes, visit.department ?? attributes.department)
}

/**
 * The spans in which a condition holds for a visit, ascending, as known today: past and current ones, and for an open
 * visit the future ones if nothing happens, which a later event may move. An alert is due at each start. The end of a
 * span that is still active is `Infinity`, or the end of a planned hold.
 */
export function conditionSpans(condition: OrderCondition, subject: ConditionSubject): readonly StatusSpan[] {
  const { enteredAt, leftAt = Infinity } = subject.visit
  const spans = spansOf(condition, subject)
  // This runs for every order and rule again and again, so spans that lie within the visit, as nearly all do, are not
  // copied.
  if (spans.every(({ from, to }) => from >= enteredAt && from < to && to <= leftAt)) return spans
  return spans.flatMap(({ from, to }) => {
    const within = { from: Math.max(from, enteredAt), to: Math.min(to, leftAt) }
    return within.from < within.to ? [within] : []
  })
}

function spansOf(condition: OrderCondition, subject: ConditionSubject): readonly StatusSpan[] {
  const { visit, order, attributes, sla } = subject
  const holds = holdsDuring(order, visit)
  switch (condition.kind) {
    case 'target':
    case 'pastTarget':
      return since(onTargetClock(subject, holds, targetClockMs(condition, sla)))
    case 'stalled': {
      const afterMs = condition.afterMs ?? sla.stallAfterMs
      const calendar = condition.clock === 'elapsed' ? alwaysOpen : sla.calendar
      return afterMs === undefined ? [] : stalledSpans(visit, holds, calendar, afterMs, Infinity)
    }
    case 'noNews':
      return silentSpans(visit, holds, condition.afterMs)
    case 'held':
      return holds.flatMap((hold) => {
        const at = sla.calendar.instantAfter(hold.from, condition.afterMs)
        return at === undefined ? [] : [{ from: at, to: hold.to }]
      })
    case 'promise':
      return since(attributes.promisedAt === undefined ? undefined : attributes.promisedAt - condition.leadMs)
    case 'unclaimed': {
      const baseMs = condition.since === 'entered' ? 0 : sla.targetMs
      const at = baseMs === undefined ? undefined : onTargetClock(subject, holds, baseMs + condition.afterMs)
      return since(at, claimedAt(visit))
    }
  }
}

/** Reading of the target's clock at which the condition begins to hold. Undefined: the visit has no target. */
function targetClockMs(
  condition: Extract<OrderCondition, { readonly kind: 'target' | 'pastTarget' }>,
  { targetMs }: VisitSla,
): number | undefined {
  if (targetMs === undefined) return undefined
  // Whole ms, so that the resulting instant is one that a clock can show.
  return condition.kind === 'target' ? Math.ceil(targetMs * condition.ratio) : targetMs + condition.afterMs
}

function onTargetClock(
  { visit, sla }: ConditionSubject,
  holds: readonly HoldSpan[],
  ms: number | undefined,
): number | undefined {
  return ms === undefined ? undefined : clockInstant(visit, holds, sla.calendar, ms)
}

/** When it first had an owner; Infinity: it has none. */
function claimedAt({ handovers, owner, enteredAt }: StageVisit): number {
  return handovers?.[0]?.at ?? (owner === undefined ? Infinity : enteredAt)
}

function since(at: number | undefined, to = Infinity): readonly StatusSpan[] {
  return at === undefined ? [] : [{ from: at, to }]
}
