import type { Queryable } from '@stagewatch/db/database.ts'
import type { FoldRules } from '@stagewatch/shared/domain/fold-state.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { firstProcess } from '../../platform/site.ts'
import type { CommitRules } from './commit-events.ts'
import type { SiteCatalog } from '../../rules/site-catalog.ts'

type SiteRules = Pick<SiteCatalog, keyof CommitRules | 'histories'>

/** Rules of a site without any events or configuration: its first process learns its stages from the events. */
export const newSiteRules: SiteRules = {
  defaultProcess: firstProcess,
  onlyProcess: firstProcess,
  histories: () => [],
  isKnown: (process) => process === firstProcess,
  hasStage: () => false,
  takes: () => true,
  rulesOf: () => ({ isTerminal: () => false }),
  requireCurrent: () => Promise.resolve(),
}

/** The rules of a site as they would be with an unsaved process and with stages that would be learned. */
export class TrialRules implements CommitRules {
  readonly #rules: SiteRules
  readonly #process: ProcessDefinition | undefined
  readonly #learned = new Map<string, Set<string>>()

  /** @param process undefined: the site's rules apply unchanged. */
  constructor(rules: SiteRules, process: ProcessDefinition | undefined) {
    this.#rules = rules
    this.#process = process
  }

  /** Adds stages that an accepting process would have learned before the events. */
  learn(stages: ReadonlyMap<string, ReadonlySet<string>>): void {
    for (const [process, some] of stages) {
      const known = this.#learned.get(process) ?? new Set()
      this.#learned.set(process, known)
      for (const stage of some) known.add(stage)
    }
  }

  get defaultProcess(): string {
    // The first process of a site becomes its default.
    const isFirst = this.#process !== undefined && this.#rules.histories().length === 0
    return isFirst ? (this.#process?.code ?? firstProcess) : this.#rules.defaultProcess
  }

  get onlyProcess(): string | undefined {
    const codes = this.#rules.histories().map(([{ definition }]) => definition.code)
    const all = this.#process === undefined ? codes : [...codes, this.#process.code]
    return all.some((code) => code !== this.defaultProcess) ? undefined : this.defaultProcess
  }

  isKnown(process: string): boolean {
    return process === this.#process?.code || this.#rules.isKnown(process)
  }

  hasStage(process: string, stage: string): boolean {
    if (this.#learned.get(process)?.has(stage) === true || this.#rules.hasStage(process, stage)) return true
    return process === this.#process?.code && this.#process.stages.some(({ code }) => code === stage)
  }

  takes(process: string, stage: string | undefined): boolean {
    if (stage === undefined || this.hasStage(process, stage)) return true
    // Once a process is defined explicitly, it no longer learns its stages by default.
    if (process === this.#process?.code) return this.#process.acceptsNewStages
    return this.#rules.takes(process, stage)
  }

  rulesOf(process: string): FoldRules {
    const { stages } = this.#process ?? {}
    if (process !== this.#process?.code || stages === undefined) return this.#rules.rulesOf(process)
    const ends = new Set(stages.filter(({ terminal }) => terminal).map(({ code }) => code))
    return { isTerminal: (stage) => ends.has(stage) }
  }

  requireCurrent(tx: Queryable): Promise<void> {
    return this.#rules.requireCurrent(tx)
  }
}
