import type { TargetCondition } from '../target-rule.ts'

/** Condition on an order in a stage. Durations are ms. */
export type OrderCondition =
  /** The target's clock has reached this share of the target; 1 is the breach. */
  | { readonly kind: 'target'; readonly ratio: number }
  /** This much time of the target's clock has passed since the breach. */
  | { readonly kind: 'pastTarget'; readonly afterMs: number }
  /** No progress for this long; without `afterMs`, for the time that its stage defines. Not while it is on hold. */
  | { readonly kind: 'stalled'; readonly afterMs?: number; readonly clock: 'working' | 'elapsed' }
  /** On hold for this much working time. */
  | { readonly kind: 'held'; readonly afterMs: number }
  /**
   * The promised date is this near, elapsed time, and the order is still in the stage; 0: the date has been reached.
   */
  | { readonly kind: 'promise'; readonly leadMs: number }
  /** Without an owner for this long after it entered the stage or became overdue, by the target's clock. */
  | { readonly kind: 'unclaimed'; readonly afterMs: number; readonly since: 'entered' | 'overdue' }

/** Measures of a stage, a process or a source. */
export type Measure =
  /** Overdue orders ÷ orders in the stage, 0..1. */
  | 'breachRatio'
  /** Orders in the stage. */
  | 'wipCount'
  /** Arrivals minus departures of the stage in the last hour. */
  | 'growthPerHour'
  /** Number of overdue orders in the whole process. */
  | 'overdueCount'
  /** Time since a source's last event ÷ its expected reporting interval. */
  | 'silenceRatio'

/** Holds when a measure has been above `above` for `forMs`, until it is at `clearAt` or below. */
export interface MeasureCondition {
  readonly kind: 'measure'
  readonly measure: Measure
  readonly above: number
  /** At most `above`; between the two values nothing changes. */
  readonly clearAt: number
  /** Elapsed ms. */
  readonly forMs: number
}

export type AlertCondition = OrderCondition | MeasureCondition

/** What a rule applies to. Undefined: anything. */
export interface AlertScope {
  readonly processes?: readonly string[]
  readonly stages?: readonly string[]
  /** Codes of sources, for measures of sources. */
  readonly sources?: readonly string[]
  /** Condition on the order, and on the department of its visit. */
  readonly when?: TargetCondition
}

/** Who is notified. */
export type AlertRecipient =
  /** The owner of the order. */
  | { readonly kind: 'owner' }
  /** The leads of the department that has the order. */
  | { readonly kind: 'leads' }
  /** The managers of the site. */
  | { readonly kind: 'managers' }
  | { readonly kind: 'person'; readonly id: string }
  /** A group chat or another destination that is configured at the site. */
  | { readonly kind: 'channel'; readonly id: string }

/**
 * Recipients notified if nobody has acknowledged this long after the start, working ms of the calendar that applies to
 * the order.
 */
export interface LadderStep {
  readonly afterMs: number
  readonly to: readonly AlertRecipient[]
}

export const severities = ['critical', 'warning', 'info'] as const
/** `critical` ignores quiet hours and the limits on the number of messages per recipient. */
export type Severity = (typeof severities)[number]

export interface AlertRule {
  readonly name: string
  readonly severity: Severity
  readonly condition: AlertCondition
  readonly scope: AlertScope
  /** By `afterMs`, ascending; at least one. */
  readonly ladder: readonly LadderStep[]
  /** How long an acknowledgement lasts while nothing is done to the order, working ms. */
  readonly acknowledgedForMs: number
  /** Alerts that begin within this time of the first are merged into one message, elapsed ms. */
  readonly mergeMs: number
}

export function isOrderCondition(condition: AlertCondition): condition is OrderCondition {
  return condition.kind !== 'measure'
}
