import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { versionAt } from '@stagewatch/shared/domain/process-history.ts'
import type { TargetCondition } from '@stagewatch/shared/domain/target-rule.ts'
import { sameLimits } from '../counted-alike.ts'

/** What visits of a stage that began within a span of time are held against. */
export interface StageTerms {
  readonly live: StageDefinition
  readonly draft: StageDefinition
  /** Both hold every visit against the same. */
  readonly isAlike: boolean
  /** Both name the same calendar, or none. */
  readonly sameCalendar: boolean
  /** By the draft no visit has a shorter target than this, whatever its order is; Infinity: none has one. */
  readonly leastTargetMs: number
  /** By the draft that target is all that a visit is held against. */
  readonly onlyTarget: boolean
  /** The draft asks for facts of the order that the columns of visits do not hold. */
  readonly asksOrder: boolean
}

/** What the columns of visits do not hold. */
const factsOfOrder = [
  'priority',
  'currency',
  'amount',
  'quantity',
] as const satisfies readonly (keyof TargetCondition)[]

/** What the visits of one stage are held against by two histories of their process. */
export class StagePlan {
  readonly #terms: readonly (StageTerms & { readonly from: number })[]

  /** @param live undefined: nobody has defined the process. */
  constructor(stage: string, live: ProcessHistory | undefined, draft: ProcessHistory) {
    const starts = [...(live ?? []), ...draft].map(({ validFrom = -Infinity }) => validFrom)
    this.#terms = [...new Set([-Infinity, ...starts])]
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((from) => ({ from, ...termsOf(stageAt(live, stage, from), stageAt(draft, stage, from)) }))
  }

  /** The terms of a visit that began at an instant, epoch ms. */
  at(enteredAt: number): StageTerms {
    const terms = this.#terms.length === 1 ? this.#terms[0] : this.#terms.findLast(({ from }) => from <= enteredAt)
    if (terms === undefined) throw new RangeError(`no version of the process is valid at ${enteredAt}`)
    return terms
  }
}

function stageAt(history: ProcessHistory | undefined, code: string, at: number): StageDefinition {
  const stages = history === undefined ? [] : versionAt(history, at).stages
  return stages.find((stage) => stage.code === code) ?? plainStage(code)
}

function termsOf(live: StageDefinition, draft: StageDefinition): StageTerms {
  const { targets = [] } = draft
  const all = [draft, ...targets]
  const asksPromise = all.some((limits) => limits.promiseLeadMs !== undefined)
  const hasOtherLimits = asksPromise || all.some((limits) => limits.cutOff !== undefined)
  const targetsMs = all.flatMap(({ targetMs = [] }) => targetMs)
  return {
    live,
    draft,
    isAlike: sameLimits(live, draft),
    sameCalendar: live.calendar === draft.calendar,
    leastTargetMs: hasOtherLimits ? 0 : Math.min(...targetsMs),
    onlyTarget: targets.length === 0 && !hasOtherLimits,
    asksOrder: asksPromise || targets.some(({ when }) => factsOfOrder.some((fact) => when[fact] !== undefined)),
  }
}
