import type { SourceFreshness } from '@stagewatch/shared/contract/board.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { ProcessAggregates } from '../engine/process-aggregates.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { Site } from '../platform/site.ts'

/** All inputs of a board at one instant. */
export interface BoardSource {
  readonly site: Site
  readonly engine: LiveEngine
  readonly process: ProcessAggregates
  readonly sources: Readonly<Record<string, SourceFreshness>>
  /** Sources that the board does not list. Undefined if it lists all of them. */
  readonly moreSources?: { readonly count: number; readonly lateCount: number } | undefined
  /** The late source of a stage, if there is one. */
  lateSourceOf(stage: StageAggregates): string | undefined
  /** Whether the stage's source was silent at that full hour. */
  isMissing(stage: StageAggregates, hourAt: number): boolean
}
