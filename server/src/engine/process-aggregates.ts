import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { Completions } from './completions.ts'
import { DayCounts } from './day-counts.ts'
import type { StageAggregates } from './stage-aggregates.ts'

/** What the engine keeps of one process: its stages, and its orders as wholes. */
export class ProcessAggregates {
  #definition: ProcessDefinition
  readonly #byCode = new Map<string, StageAggregates>()
  #named: readonly StageAggregates[] = []
  /** Stages of visits that the definition does not name, by code. */
  #unnamed: readonly StageAggregates[] = []
  /** Entered, not signed, not cancelled; holds included. */
  openCount = 0
  readonly arrivals = new DayCounts()
  readonly departures = new DayCounts()
  readonly completions = new Completions()

  constructor(definition: ProcessDefinition) {
    this.#definition = definition
  }

  get definition(): ProcessDefinition {
    return this.#definition
  }

  /** In the order of the process; then what its orders have visited and it does not name, or no longer. */
  get stages(): readonly StageAggregates[] {
    const visited = this.#unnamed.filter((stage) => stage.visitCount > 0)
    return visited.length === 0 ? this.#named : [...this.#named, ...visited]
  }

  stage(code: string): StageAggregates | undefined {
    return this.#byCode.get(code)
  }

  /** Adds a stage that the definition does not name. */
  addStage(stage: StageAggregates): void {
    this.#byCode.set(stage.definition.code, stage)
    this.#unnamed = [...this.#unnamed, stage].toSorted(byCode)
  }

  /** Takes a changed definition. @param newStage makes the ledger of a stage that no order has visited yet. */
  define(definition: ProcessDefinition, newStage: (code: string) => StageAggregates): void {
    this.#definition = definition
    this.#named = definition.stages.map((stage) => {
      const aggregates = this.#byCode.get(stage.code) ?? newStage(stage.code)
      aggregates.definition = stage
      this.#byCode.set(stage.code, aggregates)
      return aggregates
    })
    const named = new Set(this.#named)
    this.#unnamed = [...this.#byCode.values()].filter((stage) => !named.has(stage)).toSorted(byCode)
    for (const stage of this.#unnamed) stage.definition = plainStage(stage.definition.code)
  }
}

function byCode(a: StageAggregates, b: StageAggregates): number {
  return a.definition.code < b.definition.code ? -1 : 1
}
