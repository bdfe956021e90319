import type { SourceFreshness } from '@stagewatch/shared/contract/board.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { ProcessAggregates } from '../engine/process-aggregates.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { Site } from '../platform/site.ts'

/** Everything that a board is made of, at one instant. */
export interface BoardSource {
  readonly site: Site
  readonly engine: LiveEngine
  readonly process: ProcessAggregates
  readonly sources: Readonly<Record<string, SourceFreshness>>
  /** Those that the board does not name; undefined: it names all. */
  readonly moreSources?: { readonly count: number; readonly lateCount: number } | undefined
  /** The late source that feeds a stage, if one is. */
  lateSourceOf(stage: StageAggregates): string | undefined
  /** Whether the stage's source was silent when that hour turned. */
  isMissing(stage: StageAggregates, hourAt: number): boolean
}
