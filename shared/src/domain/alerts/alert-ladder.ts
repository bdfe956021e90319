import type { WorkingCalendar } from '../time/working-calendar.ts'
import type { AlertRule } from './alert-rule.ts'

/** Progress of the notifications of an alert. Instants are epoch ms. */
export interface LadderState {
  /** Start of counting: the start of the alert, the end of a snooze, or the end of an acknowledgement. */
  readonly countsFrom: number
  /** Part of the steps' delay that counts as elapsed at `countsFrom`, working ms; not 0 after a snooze. */
  readonly skippedMs: number
  /** Number of executed steps of the round, including those before a snooze. */
  readonly stepsDone: number
  /** How often the ladder has started, from 1. */
  readonly round: number
  readonly acknowledged?: { readonly at: number; readonly until: number; readonly by?: string }
  /** No notifications are sent until then. */
  readonly snoozedUntil?: number
}

export type LadderAction =
  | { readonly kind: 'step'; readonly step: number; readonly at: number }
  /** Requires a check whether anything was done to the order. */
  | { readonly kind: 'acknowledgementEnds'; readonly at: number }

export function newLadder(beganAt: number): LadderState {
  return { countsFrom: beganAt, skippedMs: 0, stepsDone: 0, round: 1 }
}

/**
 * The next action if nobody acts. Undefined: there is none.
 * @param calendar Calendar that applies to the order; the delays of the steps are working time.
 */
export function nextLadderAction(
  { ladder, severity }: Pick<AlertRule, 'ladder' | 'severity'>,
  state: LadderState,
  calendar: WorkingCalendar,
): LadderAction | undefined {
  const { acknowledged, snoozedUntil = -Infinity, stepsDone, countsFrom, skippedMs } = state
  if (acknowledged !== undefined) return { kind: 'acknowledgementEnds', at: acknowledged.until }
  const next = ladder[stepsDone]
  if (next === undefined) return undefined
  const waitMs = Math.max(0, next.afterMs - skippedMs)
  // Critical alerts do not wait for working time.
  const at = severity === 'critical' ? countsFrom + waitMs : calendar.instantAfter(countsFrom, waitMs)
  return at === undefined ? undefined : { kind: 'step', step: stepsDone, at: Math.max(at, snoozedUntil) }
}

export function takeStep(state: LadderState): LadderState {
  const { snoozedUntil: _over, ...rest } = state
  return { ...rest, stepsDone: state.stepsDone + 1 }
}

/** Acknowledges the alert: no further notifications are sent until the acknowledgement expires without any action. */
export function acknowledge(
  { acknowledgedForMs }: Pick<AlertRule, 'acknowledgedForMs'>,
  state: LadderState,
  calendar: WorkingCalendar,
  at: number,
  by?: string,
): LadderState {
  const { snoozedUntil: _over, ...rest } = state
  // If the calendar ends before, the acknowledgement never expires.
  const until = calendar.instantAfter(at, acknowledgedForMs) ?? Infinity
  return { ...rest, acknowledged: { at, until, ...(by !== undefined && { by }) } }
}

/**
 * Handles the expiry of an acknowledgement. If somebody has done something to the order since, it is extended by the
 * same duration from then; otherwise the ladder starts again now.
 * @param doneAt When something was last done to the order. Undefined: never.
 */
export function endAcknowledgement(
  rule: Pick<AlertRule, 'acknowledgedForMs'>,
  state: LadderState,
  calendar: WorkingCalendar,
  now: number,
  doneAt: number | undefined,
): LadderState {
  const { acknowledged: before, ...rest } = state
  if (before === undefined) return state
  if (doneAt !== undefined && doneAt > before.at) {
    const until = calendar.instantAfter(doneAt, rule.acknowledgedForMs) ?? Infinity
    if (until > now) return { ...state, acknowledged: { ...before, until } }
  }
  return { ...rest, countsFrom: now, skippedMs: 0, stepsDone: 0, round: state.round + 1 }
}

/**
 * No notifications are sent until then; the last executed step is then repeated, and the later steps count from there.
 */
export function snooze({ ladder }: Pick<AlertRule, 'ladder'>, state: LadderState, until: number): LadderState {
  const { acknowledged: _given, ...rest } = state
  const stepsDone = Math.max(0, state.stepsDone - 1)
  const skippedMs = ladder[stepsDone]?.afterMs ?? 0
  return { ...rest, snoozedUntil: until, countsFrom: until, skippedMs, stepsDone, round: state.round + 1 }
}
