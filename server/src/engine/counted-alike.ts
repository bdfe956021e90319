import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderFacts } from '@stagewatch/shared/domain/order-facts.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { stagesEver } from '@stagewatch/shared/domain/process-history.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'

/** All that a visit is counted by. */
const visitFields = ['stage', 'nth', 'enteredAt', 'leftAt', 'cancelled', 'department'] as const

/** How many visits of an order, from the first, need not be counted anew; all of them have ended. */
export function sameVisits(before: FoldedOrder, after: FoldedOrder): number {
  if (!sameFacts(before.facts, after.facts) || !sameHolds(before, after)) return 0
  let same = 0
  for (const visit of after.visits) {
    const was = before.visits[same]
    if (visit.leftAt === undefined || was === undefined) break
    if (was !== visit && visitFields.some((field) => was[field] !== visit[field])) break
    same += 1
  }
  return same
}

/** What counting and limits depend on. */
const factFields = [
  'customer',
  'customerClass',
  'product',
  'priority',
  'department',
  'currency',
  'amount',
  'quantity',
  'promisedAt',
] as const satisfies readonly (keyof OrderFacts)[]

function sameFacts(before: OrderFacts, after: OrderFacts): boolean {
  return before === after || factFields.every((field) => before[field] === after[field])
}

function sameHolds(before: FoldedOrder, after: FoldedOrder): boolean {
  if (before.heldSince !== after.heldSince || before.holds.length !== after.holds.length) return false
  return before.holds.every(({ from, to }, i) => after.holds[i]?.from === from && after.holds[i].to === to)
}

/** What a definition of a stage says of the limits of its visits. */
const limitFields = [
  'targetMs',
  'promiseLeadMs',
  'warnAtRatio',
  'stallAfterMs',
  'calendar',
] as const satisfies readonly (keyof StageDefinition)[]

/** Whether two histories of a process hold every visit against the same; undefined is a process that nobody has defined. */
export function judgeAlike(before: ProcessHistory | undefined, after: ProcessHistory): boolean {
  const old: readonly { validFrom?: number; definition?: ProcessHistory[0]['definition'] }[] = before ?? [{}]
  if (old.length !== after.length || old.some(({ validFrom }, i) => validFrom !== after[i]?.validFrom)) return false
  const stages = [...stagesEver(after), ...(before === undefined ? [] : stagesEver(before))]
  return after.every(({ definition }, i) =>
    stages.every((code) => sameLimits(find(old[i]?.definition?.stages ?? [], code), find(definition.stages, code))),
  )
}

function find(stages: readonly StageDefinition[], code: string): StageDefinition {
  return stages.find((stage) => stage.code === code) ?? plainStage(code)
}

function sameLimits(before: StageDefinition, after: StageDefinition): boolean {
  return (
    limitFields.every((field) => before[field] === after[field]) &&
    JSON.stringify(before.targets ?? []) === JSON.stringify(after.targets ?? [])
  )
}
