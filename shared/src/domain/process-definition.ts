import type { CutOff } from './cut-off.ts'
import { untranslated, type LocalText } from './local-text.ts'
import type { ProcessPath } from './process-path.ts'
import type { TargetRule } from './target-rule.ts'

/** Why orders may be held in a stage, as people choose it. */
export interface HoldReason {
  readonly name: LocalText
  /** The longest that a hold for this reason may be planned for, natural ms; undefined: any time. */
  readonly maxMs?: number
}

/** One step of a process, in the order of the board's columns. */
export interface StageDefinition {
  /** What events call it. */
  readonly code: string
  readonly name: LocalText
  /**
   * The stage's target (SLA), ms on the target's clock: working time without holds. Undefined: the stage has none and
   * is never overdue.
   */
  readonly targetMs?: number
  /**
   * An order with a promise is to leave the stage so long before it, natural ms; where that comes before the target it
   * is the limit. Undefined: the promise sets no limit here.
   */
  readonly promiseLeadMs?: number
  /** Where it comes before the target and the promise it is the limit. Undefined: no time of day is a limit. */
  readonly cutOff?: CutOff
  /** Other limits for some orders; of several that fit the first counts. */
  readonly targets?: readonly TargetRule[]
  /** Code of the calendar whose working time counts; undefined: that of the department, else that of the site. */
  readonly calendar?: string
  /** Share of the target from which an order is at risk, 0..1. */
  readonly warnAtRatio: number
  /** Without a progress event for so long an order is stalled, working ms; undefined: never. */
  readonly stallAfterMs?: number
  /** Breach share that the stage may have before it is abnormal, 0..1. */
  readonly toleranceRatio: number
  /** The department that answers for the stage, by the name that events use; undefined: none does. */
  readonly department?: string
  /** What people choose from when they hold an order here; undefined: they write why. */
  readonly holdReasons?: readonly HoldReason[]
  /** Entering the stage ends the order. */
  readonly terminal?: true
}

/** What the wall holds the whole process against; undefined: no such goal. */
export interface ProcessGoals {
  /** More overdue orders than this colour the hero number; undefined: more than the tolerances of the stages allow. */
  readonly overdueCeiling?: number
  /** More orders that soon reach their limit than this colour the at-risk glyph. */
  readonly soonCeiling?: number
  /** Orders signed by their promise ÷ orders signed, 0..1. */
  readonly onTimeRatio?: number
  /** From placed to signed, natural ms. */
  readonly leadTimeMs?: number
}

export interface ProcessDefinition {
  readonly code: string
  readonly name: LocalText
  readonly stages: readonly StageDefinition[]
  /** Branches and returns beside the order of the stages; undefined: none is named. */
  readonly paths?: readonly ProcessPath[]
  /** An event that names an unknown stage adds it to the end instead of being rejected. */
  readonly acceptsNewStages: boolean
  readonly goals: ProcessGoals
}

const defaultWarnAtRatio = 0.8
const defaultToleranceRatio = 0.1

/** A stage of which only the code is known, with the defaults. */
export function plainStage(code: string): StageDefinition {
  return { code, name: untranslated(code), warnAtRatio: defaultWarnAtRatio, toleranceRatio: defaultToleranceRatio }
}
