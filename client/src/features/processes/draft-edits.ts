import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import {
  plainStage,
  type ProcessDefinition,
  type StageDefinition,
  type ProcessPath,
} from '@stagewatch/shared/domain/process-definition.ts'

/** One edit of a process. Stages are identified by their codes, paths by their indexes. */
export type Edit =
  | { readonly kind: 'process'; readonly change: Partial<Omit<ProcessDefinition, 'code' | 'stages' | 'paths'>> }
  | { readonly kind: 'stage'; readonly stage: StageDefinition }
  | { readonly kind: 'addStage'; readonly code: string; readonly name: LocalText; readonly after?: string }
  | { readonly kind: 'removeStage'; readonly code: string }
  /** `to`: the new index among all stages. */
  | { readonly kind: 'moveStage'; readonly code: string; readonly to: number }
  | { readonly kind: 'addPath'; readonly path: ProcessPath }
  | { readonly kind: 'path'; readonly at: number; readonly path: ProcessPath }
  | { readonly kind: 'removePath'; readonly at: number }

/** Applies an edit to a process. Returns the same object if the edit changes nothing. */
export function edited(process: ProcessDefinition, edit: Edit): ProcessDefinition {
  const { stages, paths = [] } = process
  switch (edit.kind) {
    case 'process':
      return { ...process, ...edit.change }
    case 'stage':
      return { ...process, stages: stages.map((stage) => (stage.code === edit.stage.code ? edit.stage : stage)) }
    case 'addStage': {
      if (stages.some(({ code }) => code === edit.code)) return process
      const at = edit.after === undefined ? -1 : stages.findIndex(({ code }) => code === edit.after)
      const added = { ...plainStage(edit.code), name: edit.name }
      return withPaths({ ...process, stages: stages.toSpliced(at === -1 ? stages.length : at + 1, 0, added) }, paths)
    }
    case 'removeStage': {
      const left = stages.filter(({ code }) => code !== edit.code)
      if (left.length === stages.length) return process
      const leading = paths.filter(({ from, to }) => from !== edit.code && to !== edit.code)
      return withPaths({ ...process, stages: left }, leading)
    }
    case 'moveStage': {
      const moved = movedStages(stages, edit.code, edit.to)
      return moved === stages ? process : withPaths({ ...process, stages: moved }, paths)
    }
    case 'addPath':
      return withPaths(process, [...paths, edit.path])
    case 'path':
      return withPaths(process, paths.with(edit.at, edit.path))
    case 'removePath':
      return withPaths(process, paths.toSpliced(edit.at, 1))
  }
}

function movedStages(stages: readonly StageDefinition[], code: string, to: number): readonly StageDefinition[] {
  const from = stages.findIndex((stage) => stage.code === code)
  const stage = stages[from]
  const place = Math.max(0, Math.min(stages.length - 1, to))
  if (stage === undefined || from === place) return stages
  return stages.toSpliced(from, 1).toSpliced(place, 0, stage)
}

/** Whether the path leads to an earlier stage of the process. */
export function isReturn({ stages }: ProcessDefinition, { from, to }: ProcessPath): boolean {
  const placeOf = (code: string): number => stages.findIndex((stage) => stage.code === code)
  return placeOf(to) < placeOf(from)
}

/** Sets the paths. The order of the stages determines which ones are returns, and only those have limits. */
function withPaths({ paths: _paths, ...process }: ProcessDefinition, paths: readonly ProcessPath[]): ProcessDefinition {
  if (paths.length === 0) return process
  return {
    ...process,
    paths: paths.map((path) => {
      const { maxTimes: _maxTimes, ...unlimited } = path
      return isReturn(process, path) ? path : unlimited
    }),
  }
}

/** Sets or removes one field of an object. */
export function withField<Fields extends object, Name extends keyof Fields>(
  fields: Fields,
  name: Name,
  value: Fields[Name] | undefined,
): Fields {
  const { [name]: _replaced, ...rest } = fields
  // The cast is safe because callers only remove optional fields.
  return (value === undefined ? rest : { ...rest, [name]: value }) as Fields
}

/** A draft with its undo and redo stacks, latest last. */
export interface EditedDraft {
  readonly definition: ProcessDefinition
  readonly past: readonly ProcessDefinition[]
  readonly future: readonly ProcessDefinition[]
}

export type DraftAction =
  | { readonly kind: 'undo' | 'redo' }
  /** Replaces the draft and its stacks with the server's version. */
  | { readonly kind: 'load'; readonly definition: ProcessDefinition }
  | Edit

/** Maximum number of edits that can be undone. */
const maxUndo = 100

export function draftReducer(draft: EditedDraft, action: DraftAction): EditedDraft {
  const { definition, past, future } = draft
  switch (action.kind) {
    case 'load':
      return { definition: action.definition, past: [], future: [] }
    case 'undo': {
      const before = past.at(-1)
      return before === undefined
        ? draft
        : { definition: before, past: past.slice(0, -1), future: [...future, definition] }
    }
    case 'redo': {
      const after = future.at(-1)
      return after === undefined
        ? draft
        : { definition: after, past: [...past, definition], future: future.slice(0, -1) }
    }
    default: {
      const after = edited(definition, action)
      if (after === definition) return draft
      return { definition: after, past: [...past, definition].slice(-maxUndo), future: [] }
    }
  }
}
