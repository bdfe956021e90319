import { alwaysOpen } from '../time/always-open.ts'
import type { WorkingCalendar } from '../time/working-calendar.ts'
import type { AlertRule, Severity } from './alert-rule.ts'

/** A pending offer to a colleague to take the alert; nobody else is notified meanwhile. Instants are epoch ms. */
export interface AlertHandOver {
  readonly toId: string
  readonly toName: string
  /** Undefined: an API key or a command, which cannot be notified of the answer. */
  readonly byId?: string
  readonly byName: string
  readonly at: number
  /** When the offer ends unless the colleague has answered. */
  readonly acceptBy: number
}

/** Progress of the notifications of an alert. Instants are epoch ms. */
export interface LadderState {
  /** Start of counting: the start of the alert, the end of a snooze, or the end of an acknowledgement. */
  readonly countsFrom: number
  /**
   * Part of the steps' delay that counts as elapsed at `countsFrom`, ms of the clock of the steps: positive after a
   * snooze, reduced by every hand-over that nobody accepted, because the ladder was paused for that long.
   */
  readonly skippedMs: number
  /** Number of executed steps of the round, including those before a snooze. */
  readonly stepsDone: number
  /** How often the ladder has started, from 1. */
  readonly round: number
  readonly acknowledged?: { readonly at: number; readonly until: number; readonly by?: string }
  /** No notifications are sent until then. */
  readonly snoozedUntil?: number
  /** Pauses everything else, including the end of an acknowledgement. */
  readonly handOver?: AlertHandOver
  /** How often the alert has been handed over, including the pending offer. */
  readonly handOverCount: number
}

export type LadderAction =
  | { readonly kind: 'step'; readonly step: number; readonly at: number }
  /** The colleague has not answered in time. */
  | { readonly kind: 'handOverEnds'; readonly at: number }
  /** Requires a check whether anything was done to the order. */
  | { readonly kind: 'acknowledgementEnds'; readonly at: number }

export function newLadder(beganAt: number): LadderState {
  return { countsFrom: beganAt, skippedMs: 0, stepsDone: 0, round: 1, handOverCount: 0 }
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
  const { acknowledged, handOver, snoozedUntil = -Infinity, stepsDone, countsFrom, skippedMs } = state
  if (handOver !== undefined) return { kind: 'handOverEnds', at: handOver.acceptBy }
  if (acknowledged !== undefined) return { kind: 'acknowledgementEnds', at: acknowledged.until }
  const next = ladder[stepsDone]
  if (next === undefined) return undefined
  const waitMs = Math.max(0, next.afterMs - skippedMs)
  const at = clockOf(severity, calendar).instantAfter(countsFrom, waitMs)
  return at === undefined ? undefined : { kind: 'step', step: stepsDone, at: Math.max(at, snoozedUntil) }
}

export function takeStep(state: LadderState): LadderState {
  const { snoozedUntil: _over, ...rest } = state
  return { ...rest, stepsDone: state.stepsDone + 1 }
}

/**
 * Acknowledges the alert: no further notifications are sent until the acknowledgement expires without any action. A
 * pending hand-over ends.
 */
export function acknowledge(
  { acknowledgedForMs }: Pick<AlertRule, 'acknowledgedForMs'>,
  state: LadderState,
  calendar: WorkingCalendar,
  at: number,
  by?: string,
): LadderState {
  const { snoozedUntil: _over, handOver: _ended, ...rest } = state
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
 * A pending hand-over ends.
 */
export function snooze({ ladder }: Pick<AlertRule, 'ladder'>, state: LadderState, until: number): LadderState {
  const { acknowledged: _given, handOver: _ended, ...rest } = state
  const stepsDone = Math.max(0, state.stepsDone - 1)
  const skippedMs = ladder[stepsDone]?.afterMs ?? 0
  return { ...rest, snoozedUntil: until, countsFrom: until, skippedMs, stepsDone, round: state.round + 1 }
}

/**
 * Offers the alert to a colleague and pauses the ladder until the offer is accepted (see `acknowledge`) or ends (see
 * `endHandOver`).
 * @param acceptWithinMs Time for the answer, by the clock of the steps; elapsed time where the calendar has ended.
 */
export function startHandOver(
  { severity }: Pick<AlertRule, 'severity'>,
  state: LadderState,
  calendar: WorkingCalendar,
  offer: Omit<AlertHandOver, 'acceptBy'>,
  acceptWithinMs: number,
): LadderState {
  const { at } = offer
  const acceptBy = clockOf(severity, calendar).instantAfter(at, acceptWithinMs) ?? at + acceptWithinMs
  return { ...state, handOver: { ...offer, acceptBy }, handOverCount: state.handOverCount + 1 }
}

/**
 * Ends a pending hand-over that nobody has accepted: the ladder resumes where it was. Every step keeps the delay that
 * was left when the alert was handed over; an acknowledgement and a snooze keep their ends.
 */
export function endHandOver(
  { severity }: Pick<AlertRule, 'severity'>,
  state: LadderState,
  calendar: WorkingCalendar,
  at: number,
): LadderState {
  const { handOver: ended, ...rest } = state
  if (ended === undefined) return state
  // During a snooze no delay elapses that the pause would have to give back.
  const pausedFrom = Math.max(ended.at, state.countsFrom)
  return { ...rest, skippedMs: state.skippedMs - clockOf(severity, calendar).workingMs(pausedFrom, at) }
}

/** The clock of the steps: critical alerts do not wait for working time. */
function clockOf(severity: Severity, calendar: WorkingCalendar): WorkingCalendar {
  return severity === 'critical' ? alwaysOpen : calendar
}
