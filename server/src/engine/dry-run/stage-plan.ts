import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { versionAt } from '@stagewatch/shared/domain/process-history.ts'
import type { TargetCondition } from '@stagewatch/shared/domain/target-rule.ts'
import { sameLimits } from '../kept-visits.ts'

/** The limits of visits of a stage that started within a period. */
export interface StageTerms {
  readonly live: StageDefinition
  readonly draft: StageDefinition
  /** Both definitions apply the same limits to every visit. */
  readonly isAlike: boolean
  /** Both name the same calendar, or none. */
  readonly sameCalendar: boolean
  /** Under the draft, no visit has a shorter target than this, whatever its order. Infinity if none has a target. */
  readonly leastTargetMs: number
  /** Under the draft, visits have no other limit than that target. */
  readonly onlyTarget: boolean
  /** The draft needs attributes of the order that are not in the columns of visits. */
  readonly asksOrder: boolean
}

/** Attributes that are not in the columns of visits. */
const factsOfOrder = [
  'priority',
  'currency',
  'amount',
  'quantity',
] as const satisfies readonly (keyof TargetCondition)[]

/** The limits of visits of one stage under two histories of its process. */
export class StagePlan {
  readonly #terms: readonly (StageTerms & { readonly from: number })[]

  /** @param live undefined if nobody has defined the process. */
  constructor(stage: string, live: ProcessHistory | undefined, draft: ProcessHistory) {
    const starts = [...(live ?? []), ...draft].map(({ validFrom = -Infinity }) => validFrom)
    this.#terms = [...new Set([-Infinity, ...starts])]
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((from) => ({ from, ...termsOf(stageAt(live, stage, from), stageAt(draft, stage, from)) }))
  }

  /** The terms of a visit that started at an instant, epoch ms. */
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
