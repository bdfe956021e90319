import type { ApprovalFlow } from './approvals/approval-flow.ts'
import type { CutOff } from './cut-off.ts'
import { untranslated, type LocalText } from './local-text.ts'
import type { TargetRule } from './target-rule.ts'

/** A reason for putting orders on hold in a stage. */
export interface HoldReason {
  readonly name: LocalText
  /** The longest duration for which a hold for this reason may be planned, natural ms. Undefined: no limit. */
  readonly maxMs?: number
}

/** One step of a process, in the order of the board's columns. */
export interface StageDefinition {
  /** The code that events use. */
  readonly code: string
  readonly name: LocalText
  /**
   * The stage's target (SLA), ms on the target's clock: working time without holds. Undefined: the stage has none and
   * is never overdue.
   */
  readonly targetMs?: number
  /**
   * How long before its promised date an order has to leave the stage, natural ms; it is the limit if it is earlier
   * than the target. Undefined: the promised date sets no limit here.
   */
  readonly promiseLeadMs?: number
  /** It is the limit if it is earlier than the target and the promise. Undefined: no time of day is a limit. */
  readonly cutOff?: CutOff
  /** Different limits for some orders; of several matching rules the first applies. */
  readonly targets?: readonly TargetRule[]
  /** Code of the calendar that defines working time. Undefined: that of the department, else that of the site. */
  readonly calendar?: string
  /** Share of the target from which an order is at risk, 0..1. */
  readonly warnAtRatio: number
  /** Without progress for this long an order is stalled, working ms. Undefined: never. */
  readonly stallAfterMs?: number
  /** Breach ratio up to which the stage is considered normal, 0..1. */
  readonly toleranceRatio: number
  /** The department responsible for the stage, by the name that events use. Undefined: none. */
  readonly department?: string
  /** Reasons to choose from when putting an order on hold here. Undefined: free text. */
  readonly holdReasons?: readonly HoldReason[]
  /** The order moves on when this has been approved, and back when it has been rejected; undefined: it need not be. */
  readonly approval?: ApprovalFlow
  /** Entering the stage ends the order. */
  readonly terminal?: true
}

/** Goals that the wall displays for the whole process. Undefined: no such goal. */
export interface ProcessGoals {
  /**
   * Above this number of overdue orders the hero number is coloured. Undefined: the number that the tolerances of the
   * stages allow.
   */
  readonly overdueCeiling?: number
  /** Above this number of orders that soon reach their limit the at-risk glyph is coloured. */
  readonly soonCeiling?: number
  /** Orders signed by their promised date ÷ orders signed, 0..1. */
  readonly onTimeRatio?: number
  /** From placed to signed, natural ms. */
  readonly leadTimeMs?: number
}

/** Of fewer completed orders, the share that were on time is not meaningful: it is not shown, and nobody is warned. */
export const minJudgedOnTime = 5

export interface ProcessDefinition {
  readonly code: string
  readonly name: LocalText
  readonly stages: readonly StageDefinition[]
  /** Branches and returns that the order of the stages does not contain. Undefined: none. */
  readonly paths?: readonly ProcessPath[]
  /** An event that names an unknown stage adds it at the end instead of being rejected. */
  readonly acceptsNewStages: boolean
  readonly goals: ProcessGoals
}

const defaultWarnAtRatio = 0.8
const defaultToleranceRatio = 0.1

/** A stage of which only the code is known, with default settings. */
export function plainStage(code: string): StageDefinition {
  return { code, name: untranslated(code), warnAtRatio: defaultWarnAtRatio, toleranceRatio: defaultToleranceRatio }
}

/**
 * A path between two stages of a process that its order of stages does not contain. A forward path is a branch, by
 * which orders may skip the stages in between; a backward path is a return, by which orders may repeat stages.
 */
export interface ProcessPath {
  /** Codes of two different stages. */
  readonly from: string
  readonly to: string
  /** Display name, such as "rework after a failed inspection". */
  readonly name?: LocalText
  /** How often one order may return. Undefined: unlimited. A branch has none. */
  readonly maxTimes?: number
}
