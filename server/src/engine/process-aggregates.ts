import type { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { Completions } from './completions.ts'
import type { Completion } from './completions.ts'
import { DayCounts } from './day-counts.ts'
import type { StageAggregates } from './stage-aggregates.ts'

/** Values of a whole order that are counted. */
interface CountedOrder {
  readonly head: { readonly endedAt?: number }
  readonly arrivedAt: number
  readonly completion: Completion | undefined
}

/** The engine's aggregates of one process: its stages and its orders as a whole. */
export class ProcessAggregates {
  #definition: ProcessDefinition
  readonly #byCode = new Map<string, StageAggregates>()
  #named: readonly StageAggregates[] = []
  /** Visited stages that the definition does not name, by code. */
  #unnamed: readonly StageAggregates[] = []
  /** Entered, not signed, not cancelled; including orders on hold. */
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

  /** In process order, followed by visited stages that the definition does not name, or no longer names. */
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

  /** Counts an order. @param delta −1 to undo it as it was counted. */
  countOrder({ head, arrivedAt, completion }: CountedOrder, days: LocalDays, delta: 1 | -1): void {
    this.arrivals.add(days.startOf(arrivedAt), delta)
    if (head.endedAt === undefined) this.openCount += delta
    else this.departures.add(days.startOf(head.endedAt), delta)
    if (completion === undefined) return
    const day = days.startOf(completion.endedAt)
    if (delta === 1) this.completions.add(day, completion)
    else this.completions.remove(day, completion)
  }

  /** Applies a changed definition. @param newStage creates the aggregates of a stage that no order has visited yet. */
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
