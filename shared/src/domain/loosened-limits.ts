import { changedFields } from './changed-fields.ts'
import type { CutOff } from './cut-off.ts'
import { plainStage, type ProcessDefinition, type StageDefinition } from './process-definition.ts'
import type { TargetRule } from './target-rule.ts'
import { clockMs } from './time/shift-times.ts'
import { dayMs } from './time/local-date.ts'

/** Limits of a stage, and other settings of it that can make figures look better. */
export type LimitName =
  | 'targetMs'
  | 'promiseLeadMs'
  | 'cutOff'
  | 'warnAtRatio'
  | 'stallAfterMs'
  | 'toleranceRatio'
  | 'calendar'
  /** The order of the rules: of several that match, a different one applies. */
  | 'targets'

/**
 * A limit that is less strict in a draft than in the live process: fewer orders are late, or lateness is noticed later.
 */
export interface LoosenedLimit {
  /** Code. */
  readonly stage: string
  readonly limit: LimitName
  /**
   * Index of the rule in the stage's `targets`, from 0. Undefined: the stage's own limit. A rule that the draft no
   * longer has refers to `live`.
   */
  readonly rule?: { readonly of: 'live' | 'draft'; readonly index: number }
  /** False: it affects only some orders, or only possibly. */
  readonly isCertain: boolean
}

/**
 * Which limits of which stages are looser in a draft than in the live process. If the result is empty, no visit is due
 * later, or stalled later, by the draft, whatever its order is like. A stage that is new in the draft is never looser.
 */
export function loosenedLimits(live: ProcessDefinition, draft: ProcessDefinition): LoosenedLimit[] {
  return live.stages.flatMap((before) => {
    const after = draft.stages.find(({ code }) => code === before.code)
    return after === undefined
      ? withoutStage(before)
      : [...ownLimits(before, after), ...ruleLimits(before, after)].map((found) => ({ stage: before.code, ...found }))
  })
}

type Found = Omit<LoosenedLimit, 'stage'>
type Limits = Pick<TargetRule, 'targetMs' | 'promiseLeadMs' | 'cutOff' | 'warnAtRatio' | 'stallAfterMs'>

const limitNames = ['targetMs', 'promiseLeadMs', 'cutOff', 'warnAtRatio', 'stallAfterMs'] as const

/** All limits of the removed stage are lost. */
function withoutStage(before: StageDefinition): LoosenedLimit[] {
  const after = { ...plainStage(before.code), warnAtRatio: before.warnAtRatio, toleranceRatio: before.toleranceRatio }
  const found = [...looser(before, after).map((limit) => ({ limit, isCertain: true })), ...ruleLimits(before, after)]
  return found.map((each) => ({ stage: before.code, ...each }))
}

function ownLimits(before: StageDefinition, after: StageDefinition): Found[] {
  const own = looser(before, after).map((limit): Found => ({ limit, isCertain: true }))
  if (after.toleranceRatio > before.toleranceRatio) own.push({ limit: 'toleranceRatio', isCertain: true })
  if (after.calendar !== before.calendar) own.push({ limit: 'calendar', isCertain: false })
  return own
}

/** Rules with the same condition are considered the same rule. */
function ruleLimits(before: StageDefinition, after: StageDefinition): Found[] {
  const [old, now] = [before.targets ?? [], after.targets ?? []]
  const places = old.map(({ when }) => now.findIndex((rule) => isSame(rule.when, when)))
  const found: Found[] = []
  for (const [index, rule] of old.entries()) {
    const place = places[index] ?? -1
    const kept = now[place]
    const was = { ...before, ...rule }
    if (kept === undefined) {
      const others = now.map((other) => ({ ...after, ...other }))
      found.push(...compared(was, after, others).map((each) => ({ ...each, rule: { of: 'live', index } as const })))
      continue
    }
    const changed = looser(was, { ...after, ...kept }).filter((limit) => !isSame(rule[limit], kept[limit]))
    found.push(...changed.map((limit) => ({ limit, isCertain: true, rule: { of: 'draft', index: place } as const })))
  }
  for (const [index, rule] of now.entries()) {
    if (old.some(({ when }) => isSame(when, rule.when))) continue
    const added = { ...after, ...rule }
    const names = new Map(looser(before, added).map((limit) => [limit, true]))
    for (const other of old)
      for (const limit of looser({ ...before, ...other }, added)) if (!names.has(limit)) names.set(limit, false)
    found.push(...[...names].map(([limit, isCertain]) => ({ limit, isCertain, rule: { of: 'draft', index } as const })))
  }
  const kept = places.filter((place) => place >= 0)
  if (kept.some((place, i) => i > 0 && place < (kept[i - 1] ?? 0))) found.push({ limit: 'targets', isCertain: false })
  return found
}

/** Limits of a removed rule that are looser in its replacement: the stage's own limits, or possibly another rule. */
function compared(was: Limits, own: Limits, others: readonly Limits[]): Found[] {
  const certain = looser(was, own)
  const perhaps = new Set(others.flatMap((other) => looser(was, other)).filter((limit) => !certain.includes(limit)))
  return [
    ...certain.map((limit) => ({ limit, isCertain: true })),
    ...[...perhaps].map((limit) => ({ limit, isCertain: false })),
  ]
}

function looser(before: Limits, after: Limits): (typeof limitNames)[number][] {
  return limitNames.filter((limit) => isLooser[limit](before, after))
}

const isLooser: Readonly<Record<(typeof limitNames)[number], (before: Limits, after: Limits) => boolean>> = {
  targetMs: (before, after) => (after.targetMs ?? Infinity) > (before.targetMs ?? Infinity),
  promiseLeadMs: (before, after) => (after.promiseLeadMs ?? -1) < (before.promiseLeadMs ?? -1),
  cutOff: (before, after) => before.cutOff !== undefined && isLater(before.cutOff, after.cutOff),
  warnAtRatio: (before, after) => (after.warnAtRatio ?? 0) > (before.warnAtRatio ?? 0),
  stallAfterMs: (before, after) => (after.stallAfterMs ?? Infinity) > (before.stallAfterMs ?? Infinity),
}

/** Whether anything that enters at some time of a working day has to leave later. */
function isLater(before: CutOff, after: CutOff | undefined): boolean {
  if (after === undefined) return true
  const times = [before, after].map(({ enterBy, leaveBy }) => clockMs(enterBy ?? leaveBy))
  return [0, ...times, ...times.map((time) => time + 1)].some((time) => leftBy(after, time) > leftBy(before, time))
}

/** Ms from the start of the day of entering until the cut-off, as if every day were a working day. */
function leftBy({ enterBy, leaveBy, daysLater = 0 }: CutOff, enteredMs: number): number {
  const days = daysLater + (enteredMs > clockMs(enterBy ?? leaveBy) ? 1 : 0)
  return days * dayMs + clockMs(leaveBy)
}

function isSame(a: unknown, b: unknown): boolean {
  return changedFields(a, b).length === 0
}
