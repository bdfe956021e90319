import type { SourceFreshness } from '@stagewatch/shared/contract/board.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { ProcessLedger } from '../engine/process-ledger.ts'
import type { StageLedger } from '../engine/stage-ledger.ts'
import type { Site } from '../sites/site.ts'

/** Everything that a board is made of, at one instant. */
export interface BoardSource {
  readonly site: Site
  readonly engine: LiveEngine
  readonly process: ProcessLedger
  readonly sources: Readonly<Record<string, SourceFreshness>>
  /** The late source that feeds a stage, if one is. */
  lateSourceOf(stage: StageLedger): string | undefined
  /** Whether the stage's source was silent when that hour turned. */
  isMissing(stage: StageLedger, hourAt: number): boolean
}
