import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { maxStages, processDefinition } from '@stagewatch/shared/contract/process.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { announceRules, lockRules, raiseRules, requireRules } from '../follow/rules-version.ts'
import { firstProcess } from '../sites/site.ts'

interface StoredCatalog {
  readonly defaultProcess: string | null
  readonly rulesVersion: number
  readonly definitions: readonly { readonly definition: unknown }[]
}

const noStages: ReadonlySet<string> = new Set()

/** The processes of one site, kept in memory and written through to the database. */
export class SiteCatalog {
  readonly site: string
  readonly #database: Database
  readonly #onChange: (process: ProcessDefinition) => void
  readonly #processes = new Map<string, ProcessDefinition>()
  readonly #stages = new Map<string, ReadonlySet<string>>()
  readonly #terminal = new Map<string, ReadonlySet<string>>()
  #defaultProcess = firstProcess
  #rulesVersion = -1

  private constructor(database: Database, site: string, onChange: (process: ProcessDefinition) => void) {
    this.#database = database
    this.site = site
    this.#onChange = onChange
  }

  /** @param onChange is told of every process, now and whenever it changes. */
  static async open(
    database: Database,
    site: string,
    onChange: (process: ProcessDefinition) => void,
  ): Promise<SiteCatalog> {
    const catalog = new SiteCatalog(database, site, onChange)
    await catalog.reload()
    return catalog
  }

  /** Takes over what other processes of the server have changed. */
  async reload(): Promise<void> {
    const stored = await load(this.#database, this.site)
    // Of two that read at the same time the slower one may bring the rules of before.
    if (stored.rulesVersion < this.#rulesVersion) return
    this.#rulesVersion = stored.rulesVersion
    this.#defaultProcess = stored.defaultProcess ?? firstProcess
    for (const row of stored.definitions) this.#remember(processDefinition.parse(row.definition))
  }

  get defaultProcess(): string {
    return this.#defaultProcess
  }

  /** Version of the rules in memory, see `rules-version.ts`. */
  get rulesVersion(): number {
    return this.#rulesVersion
  }

  /**
   * To be called first in a transaction that folds by these rules.
   * @throws StaleRulesError when another process has changed them.
   */
  requireCurrent(tx: Queryable): Promise<void> {
    return requireRules(tx, this.site, this.#rulesVersion)
  }

  list(): ProcessDefinition[] {
    return [...this.#processes.values()]
  }

  get(process: string): ProcessDefinition | undefined {
    return this.#processes.get(process)
  }

  /** Whether events may name the process; the first one comes into being with the first event. */
  isKnown(process: string): boolean {
    return this.#processes.has(process) || (process === firstProcess && this.#defaultProcess === firstProcess)
  }

  hasStage(process: string, stage: string): boolean {
    return this.#stages.get(process)?.has(stage) === true
  }

  rulesOf(process: string): { isTerminal: (stage: string) => boolean } {
    const terminal = this.#terminalStages(process)
    return { isTerminal: (stage) => terminal.has(stage) }
  }

  /**
   * Creates or replaces a process; the first one that is defined becomes the default.
   * @returns whether orders that are there fold otherwise now: they end in other stages, or belong to another process.
   */
  async save(definition: ProcessDefinition): Promise<boolean> {
    const foldsOtherwise = await this.#database.transaction(async (tx) => {
      await lockRules(tx, this.site)
      const before = await loadOne(tx, this.site, definition.code)
      await upsert(tx, this.site, definition)
      const first = await tx.query(
        'update sites set default_process = $2 where code = $1 and default_process is null returning code',
        [this.site, definition.code],
      )
      const otherDefault = first.length > 0 && definition.code !== firstProcess
      const otherwise = otherDefault || terminalOf(before).symmetricDifference(terminalOf(definition)).size > 0
      if (otherwise) await raiseRules(tx, this.site)
      await announceRules(tx)
      return otherwise
    })
    await this.reload()
    return foldsOtherwise
  }

  /** Adds the stages that events name and their process does not know yet, if it accepts new ones and has room. */
  async learnStages(events: readonly OrderEvent[], processOf: (event: OrderEvent) => string): Promise<void> {
    const fresh = new Map<string, Set<string>>()
    for (const event of events) {
      const process = processOf(event)
      if (event.stage === undefined || this.hasStage(process, event.stage) || !this.#learns(process)) continue
      fresh.set(process, (fresh.get(process) ?? new Set()).add(event.stage))
    }
    for (const [process, stages] of fresh) await this.#addStages(process, [...stages])
  }

  #learns(process: string): boolean {
    const known = this.#processes.get(process)
    return known === undefined ? this.isKnown(process) : roomFor(known) > 0
  }

  #terminalStages(process: string): ReadonlySet<string> {
    return this.#terminal.get(process) ?? noStages
  }

  async #addStages(process: string, stages: readonly string[]): Promise<void> {
    const definition = await this.#database.transaction(async (tx) => {
      const before = (await loadOne(tx, this.site, process)) ?? emptyProcess(process)
      const missing = stages.filter((code) => !before.stages.some((stage) => stage.code === code))
      const added = missing.slice(0, roomFor(before)).map(plainStage)
      const after = { ...before, stages: [...before.stages, ...added] }
      await upsert(tx, this.site, after)
      return after
    })
    this.#remember(definition)
  }

  #remember(definition: ProcessDefinition): void {
    if (isDeepStrictEqual(this.#processes.get(definition.code), definition)) return
    this.#processes.set(definition.code, definition)
    this.#stages.set(definition.code, new Set(definition.stages.map((stage) => stage.code)))
    this.#terminal.set(definition.code, terminalOf(definition))
    this.#onChange(definition)
  }
}

/** The process that comes into being with the first event: it learns its stages from the events. */
export function emptyProcess(code: string): ProcessDefinition {
  return { code, name: { zh: '订单流程', en: 'Order process' }, stages: [], acceptsNewStages: true, goals: {} }
}

function terminalOf(definition: ProcessDefinition | undefined): ReadonlySet<string> {
  const terminal = definition?.stages.filter((stage) => stage.terminal === true) ?? []
  return new Set(terminal.map((stage) => stage.code))
}

/** How many stages the process would still learn from events. */
function roomFor({ acceptsNewStages, stages }: ProcessDefinition): number {
  return acceptsNewStages ? Math.max(0, maxStages - stages.length) : 0
}

async function load(database: Queryable, site: string): Promise<StoredCatalog> {
  // The version first: definitions that are newer than it are read again, older ones would stay.
  const [row] = await database.query<{ defaultProcess: string | null; rulesVersion: number }>(
    'select default_process as "defaultProcess", rules_version as "rulesVersion" from sites where code = $1',
    [site],
  )
  const definitions = await database.query<{ definition: unknown }>(
    'select definition from processes where site = $1 order by code',
    [site],
  )
  return { defaultProcess: row?.defaultProcess ?? null, rulesVersion: row?.rulesVersion ?? 0, definitions }
}

async function loadOne(tx: Queryable, site: string, process: string): Promise<ProcessDefinition | undefined> {
  const [row] = await tx.query<{ definition: unknown }>(
    'select definition from processes where site = $1 and code = $2 for update',
    [site, process],
  )
  return row === undefined ? undefined : processDefinition.parse(row.definition)
}

async function upsert(tx: Queryable, site: string, definition: ProcessDefinition): Promise<void> {
  await tx.query(
    `insert into processes (site, code, definition) values ($1, $2, $3::text::jsonb)
     on conflict (site, code) do update set definition = excluded.definition, updated_at = now()`,
    [site, definition.code, JSON.stringify(definition)],
  )
}
