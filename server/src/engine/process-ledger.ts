import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { Completions } from './completions.ts'
import { DayCounts } from './day-counts.ts'
import type { StageLedger } from './stage-ledger.ts'

/** What the engine keeps of one process: its stages, and its orders as wholes. */
export class ProcessLedger {
  definition: ProcessDefinition
  /** In the order of the process; stages that it no longer names come last. */
  stages: StageLedger[] = []
  /** Entered, not signed, not cancelled; holds included. */
  openCount = 0
  readonly arrivals = new DayCounts()
  readonly departures = new DayCounts()
  readonly completions = new Completions()

  constructor(definition: ProcessDefinition) {
    this.definition = definition
  }
}
