import { untranslated } from '@stagewatch/shared/domain/local-text.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { versionAt } from '@stagewatch/shared/domain/process-history.ts'
import { ProcessAggregates } from './process-aggregates.ts'
import type { SiteRules } from './site-rules.ts'
import { StageAggregates } from './stage-aggregates.ts'

/** The aggregates of the processes of a site and of their stages, each by its current version. */
export class ProcessTable {
  readonly #rules: SiteRules
  readonly #processes = new Map<string, ProcessAggregates>()
  readonly #stages: StageAggregates[] = []
  #nextVersionAt: number | undefined

  constructor(rules: SiteRules) {
    this.#rules = rules
  }

  values(): Iterable<ProcessAggregates> {
    return this.#processes.values()
  }

  get(code: string): ProcessAggregates | undefined {
    return this.#processes.get(code)
  }

  /** The stages of all processes. */
  stages(): readonly StageAggregates[] {
    return this.#stages
  }

  /** @throws RangeError if no stage has this number. */
  stage(index: number): StageAggregates {
    const stage = this.#stages[index]
    if (stage === undefined) throw new RangeError(`no stage has the number ${index}`)
    return stage
  }

  /** The aggregates of a process; creates them if there are none. */
  of(code: string): ProcessAggregates {
    const known = this.#processes.get(code)
    if (known !== undefined) return known
    const name = untranslated(code)
    const aggregates = new ProcessAggregates({ code, name, stages: [], acceptsNewStages: true, goals: {} })
    this.#processes.set(code, aggregates)
    return aggregates
  }

  /**
   * The aggregates of a stage; creates them if there are none. A stage that the current definition no longer names is
   * included, because events may be older than the definition.
   */
  stageOf(process: ProcessAggregates, stage: string): StageAggregates {
    const known = process.stage(stage)
    if (known !== undefined) return known
    const aggregates = this.#newStage(process.definition.code, stage)
    process.addStage(aggregates)
    return aggregates
  }

  /** Applies the current version of a process; without rules it stays unchanged. */
  define(code: string, now: number): void {
    this.#define(code, now)
    this.#nextVersionAt = this.#rules.nextVersionAt(now)
  }

  defineAll(now: number): void {
    for (const code of this.#processes.keys()) this.#define(code, now)
    this.#nextVersionAt = this.#rules.nextVersionAt(now)
  }

  /** When the next version of a process becomes valid. Undefined if none is known. */
  get nextVersionAt(): number | undefined {
    return this.#nextVersionAt
  }

  #define(code: string, now: number): void {
    const history = this.#rules.history(code)
    if (history === undefined) return
    this.of(code).define(versionAt(history, now), (stage) => this.#newStage(code, stage))
  }

  #newStage(process: string, stage: string): StageAggregates {
    const aggregates = new StageAggregates(process, this.#stages.length, plainStage(stage))
    this.#stages.push(aggregates)
    return aggregates
  }
}
