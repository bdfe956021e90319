import { attributesOfVisit, sameForVisits } from '@stagewatch/shared/domain/attributes-of-visit.ts'
import type { FoldedOrder, HoldSpan } from '@stagewatch/shared/domain/fold-state.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { stagesEver } from '@stagewatch/shared/domain/process-history.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'

/** Number of ended visits at the start and at the end of an order that need not be counted again. */
export interface KeptVisits {
  readonly first: number
  readonly last: number
}

export const noneKept: KeptVisits = { first: 0, last: 0 }

/** For an order whose ended visits are all counted correctly. */
export function allKept(state: FoldedOrder): KeptVisits {
  return { first: endedCount(state), last: 0 }
}

/** A late event changes a few visits of a long order; the visits before and after them stay counted. */
export function keptVisits(before: FoldedOrder, after: FoldedOrder): KeptVisits {
  const held = changedHolds(before, after)
  const sameFacts = sameForVisits(before.attributes, after.attributes)
  const hasSameLimits = (was: StageVisit, visit: StageVisit): boolean =>
    was.attributes === undefined && visit.attributes === undefined
      ? sameFacts
      : sameForVisits(attributesOfVisit(before.attributes, was), attributesOfVisit(after.attributes, visit))
  const isKept = (was: StageVisit | undefined, visit: StageVisit | undefined): boolean =>
    was !== undefined &&
    visit !== undefined &&
    countTheSame(was, visit) &&
    !overlaps(held, visit) &&
    hasSameLimits(was, visit)
  const [wasEnded, isEnded] = [endedCount(before), endedCount(after)]
  const max = Math.min(wasEnded, isEnded)
  let first = 0
  while (first < max && isKept(before.visits[first], after.visits[first])) first += 1
  let last = 0
  while (last < max - first && isKept(before.visits[wasEnded - 1 - last], after.visits[isEnded - 1 - last])) last += 1
  return { first, last }
}

/** Only the last visit can be open. */
export function endedCount({ visits }: Pick<FoldedOrder, 'visits'>): number {
  const last = visits.at(-1)
  return last !== undefined && last.leftAt === undefined ? visits.length - 1 : visits.length
}

/** For a repeated visit, only the fact counts, not its ordinal. */
function countTheSame(a: StageVisit, b: StageVisit): boolean {
  return (
    a === b ||
    (a.stage === b.stage &&
      a.nth > 1 === b.nth > 1 &&
      a.enteredAt === b.enteredAt &&
      a.leftAt === b.leftAt &&
      a.cancelled === b.cancelled &&
      a.department === b.department &&
      a.startedAt === b.startedAt &&
      sameInstants(a.progress, b.progress))
  )
}

function sameInstants(a: readonly number[] | undefined, b: readonly number[] | undefined): boolean {
  return a === b || (a !== undefined && a.length === b?.length && a.every((at, i) => at === b[i]))
}

type Holds = Pick<FoldedOrder, 'holds' | 'heldSince' | 'heldUntil'>

/** The span in which the holds of an order have changed. Undefined if they have not. */
function changedHolds(before: Holds, after: Holds): HoldSpan | undefined {
  const [was, is] = [before.holds, after.holds]
  const sameOpenHold = before.heldSince === after.heldSince && before.heldUntil === after.heldUntil
  // The usual case.
  if (sameOpenHold && (was === is || (was.length === 0 && is.length === 0))) return undefined
  const max = Math.min(was.length, is.length)
  let first = 0
  while (first < max && sameHold(was[first], is[first])) first += 1
  let last = 0
  while (last < max - first && sameHold(was.at(-1 - last), is.at(-1 - last))) last += 1
  const changed = [...was.slice(first, was.length - last), ...is.slice(first, is.length - last)]
  if (!sameOpenHold) {
    for (const { heldSince: from, heldUntil: to = Infinity } of [before, after])
      if (from !== undefined) changed.push({ from, to })
  }
  if (changed.length === 0) return undefined
  return changed.reduce((span, { from, to }) => ({ from: Math.min(span.from, from), to: Math.max(span.to, to) }))
}

function sameHold(a: HoldSpan | undefined, b: HoldSpan | undefined): boolean {
  return a === b || (a?.from === b?.from && a?.to === b?.to)
}

function overlaps(span: HoldSpan | undefined, { enteredAt, leftAt = Infinity }: StageVisit): boolean {
  return span !== undefined && enteredAt <= span.to && leftAt >= span.from
}

/** The fields of a stage definition that affect the limits of its visits. */
const limitFields = [
  'targetMs',
  'promiseLeadMs',
  'warnAtRatio',
  'stallAfterMs',
  'calendar',
] as const satisfies readonly (keyof StageDefinition)[]

/**
 * Whether two histories of a process apply the same limits to every visit; undefined is a process that nobody has
 * defined.
 */
export function haveSameLimits(before: ProcessHistory | undefined, after: ProcessHistory): boolean {
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

/** Whether both definitions apply the same limits to visits of the stage. */
export function sameLimits(before: StageDefinition, after: StageDefinition): boolean {
  return (
    limitFields.every((field) => before[field] === after[field]) &&
    JSON.stringify(before.targets ?? []) === JSON.stringify(after.targets ?? []) &&
    JSON.stringify(before.cutOff) === JSON.stringify(after.cutOff)
  )
}
