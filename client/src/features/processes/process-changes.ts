import { changedFields } from '@stagewatch/shared/domain/changed-fields.ts'
import type {
  ProcessDefinition,
  ProcessGoals,
  StageDefinition,
  ProcessPath,
} from '@stagewatch/shared/domain/process-definition.ts'

/** In the order in which changes are displayed. */
export const stageFields = [
  'name',
  'targetMs',
  'promiseLeadMs',
  'cutOff',
  'targets',
  'calendar',
  'warnAtRatio',
  'stallAfterMs',
  'toleranceRatio',
  'department',
  'holdReasons',
  'approval',
  'terminal',
] as const satisfies readonly (keyof StageDefinition)[]
export type StageField = (typeof stageFields)[number]

export const goalFields = [
  'overdueCeiling',
  'soonCeiling',
  'onTimeRatio',
  'leadTimeMs',
] as const satisfies readonly (keyof ProcessGoals)[]
export type GoalField = (typeof goalFields)[number]

/** One difference between two versions of a process, at the level at which users think about it. */
export type ProcessChange =
  | {
      readonly kind: 'name' | 'acceptsNewStages'
      readonly before: ProcessDefinition
      readonly after: ProcessDefinition
    }
  | {
      readonly kind: 'goal'
      readonly field: GoalField
      readonly before: number | undefined
      readonly after: number | undefined
    }
  | { readonly kind: 'stageAdded' | 'stageRemoved'; readonly stage: StageDefinition }
  | { readonly kind: 'order'; readonly before: readonly StageDefinition[]; readonly after: readonly StageDefinition[] }
  | {
      readonly kind: 'stage'
      readonly field: StageField
      readonly before: StageDefinition
      readonly after: StageDefinition
    }
  | { readonly kind: 'path'; readonly before: ProcessPath | undefined; readonly after: ProcessPath | undefined }

/** All differences. Empty if both versions are equivalent, even if they are written differently. */
export function processChanges(before: ProcessDefinition, after: ProcessDefinition): ProcessChange[] {
  const changes: ProcessChange[] = []
  if (!isSame(before.name, after.name)) changes.push({ kind: 'name', before, after })
  if (before.acceptsNewStages !== after.acceptsNewStages) changes.push({ kind: 'acceptsNewStages', before, after })
  for (const field of goalFields) {
    const [was, is] = [before.goals[field], after.goals[field]]
    if (was !== is) changes.push({ kind: 'goal', field, before: was, after: is })
  }
  return [...changes, ...changesOfStages(before.stages, after.stages), ...changesOfPaths(before.paths, after.paths)]
}

function changesOfStages(before: readonly StageDefinition[], after: readonly StageDefinition[]): ProcessChange[] {
  const old = new Map(before.map((stage) => [stage.code, stage]))
  const fresh = new Map(after.map((stage) => [stage.code, stage]))
  const kept = {
    before: before.filter(({ code }) => fresh.has(code)),
    after: after.filter(({ code }) => old.has(code)),
  }
  const isMoved = kept.before.some(({ code }, place) => kept.after[place]?.code !== code)
  return [
    ...after.flatMap((stage): ProcessChange[] => {
      const was = old.get(stage.code)
      if (was === undefined) return [{ kind: 'stageAdded', stage }]
      return changedStageFields(was, stage).map((field) => ({ kind: 'stage', field, before: was, after: stage }))
    }),
    ...before.filter(({ code }) => !fresh.has(code)).map((stage) => ({ kind: 'stageRemoved', stage }) as const),
    ...(isMoved ? [{ kind: 'order', ...kept } as const] : []),
  ]
}

/** The fields of a stage that differ. */
export function changedStageFields(before: StageDefinition, after: StageDefinition): StageField[] {
  return before === after ? [] : stageFields.filter((field) => !isSame(before[field], after[field]))
}

function changesOfPaths(before: readonly ProcessPath[] = [], after: readonly ProcessPath[] = []): ProcessChange[] {
  const isAt = (path: ProcessPath) => (other: ProcessPath) => other.from === path.from && other.to === path.to
  const changed = after.flatMap((path): ProcessChange[] => {
    const was = before.find(isAt(path))
    return was !== undefined && isSame(was, path) ? [] : [{ kind: 'path', before: was, after: path }]
  })
  const gone = before.filter((path) => !after.some(isAt(path)))
  return [...changed, ...gone.map((path) => ({ kind: 'path', before: path, after: undefined }) as const)]
}

/** Whether two values are equivalent, regardless of the order of their fields. */
function isSame(one: unknown, other: unknown): boolean {
  return changedFields({ value: one }, { value: other }).length === 0 && lengthOf(one) === lengthOf(other)
}

/** Compared separately, because empty members of an array contain no fields that could differ. */
function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}
