import { untranslated, type LocalText } from '../local-text.ts'
import type { TargetCondition } from '../target-rule.ts'
import type { Measure } from './measures.ts'

/** Condition on an order in a stage. Durations are ms. */
export type OrderCondition =
  /** The target's clock has reached this share of the target; 1 is the breach. */
  | { readonly kind: 'target'; readonly ratio: number }
  /** This much time of the target's clock has passed since the breach. */
  | { readonly kind: 'pastTarget'; readonly afterMs: number }
  /** No progress for this long; without `afterMs`, for the time that its stage defines. Not while it is on hold. */
  | { readonly kind: 'stalled'; readonly afterMs?: number; readonly clock: 'working' | 'elapsed' }
  /**
   * Neither progress nor a report of the order's position for this much elapsed time, as if its carrier had lost it. Not
   * while it is on hold.
   */
  | { readonly kind: 'noNews'; readonly afterMs: number }
  /** On hold for this much working time. */
  | { readonly kind: 'held'; readonly afterMs: number }
  /**
   * The promised date is this near, elapsed time, and the order is still in the stage; 0: the date has been reached.
   */
  | { readonly kind: 'promise'; readonly leadMs: number }
  /** Without an owner for this long after it entered the stage or became overdue, by the target's clock. */
  | { readonly kind: 'unclaimed'; readonly afterMs: number; readonly since: 'entered' | 'overdue' }

/**
 * Holds when a measure has been beyond its threshold for `forMs`, until it is at `clearAt` or better. Between the two
 * values nothing changes. Exactly one of `above` and `below` is set.
 */
export interface MeasureCondition {
  readonly kind: 'measure'
  readonly measure: Measure
  /** The measure is too high above this value; `clearAt` is at most this. */
  readonly above?: number
  /** The measure is too low below this value; `clearAt` is at least this. */
  readonly below?: number
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
  /**
   * The people of the department that has the order who are at work at that moment, by their calendar and absences; its
   * leads if nobody is.
   */
  | { readonly kind: 'onDuty' }
  /** The managers of the site. */
  | { readonly kind: 'managers' }
  /**
   * The people whose role is restricted to departments including this one, except absent ones: their colleagues are
   * notified instead. `id` is a text by which events name the department.
   */
  | { readonly kind: 'department'; readonly id: string }
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
  /** The name in several languages, `name` among them, if it is ready-made. Undefined: somebody typed it. */
  readonly names?: LocalText
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

/**
 * A name in every language: with the translations of a ready-made one, else as somebody typed it.
 * @param names Translations of `name`; ignored unless it is one of them, because then it has been changed since.
 */
export function translatedName(name: string, names: LocalText | null | undefined): LocalText {
  return translationsOf(name, names) ?? untranslated(name)
}

/** The translations of a ready-made name. Undefined: there are none, or they are those of another name. */
export function translationsOf(name: string, names: LocalText | null | undefined): LocalText | undefined {
  return names !== null && names !== undefined && Object.values(names).includes(name) ? names : undefined
}
