import pLimit from 'p-limit'
import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import type { FoldRules } from '@stagewatch/shared/domain/fold-state.ts'
import type { SiteConfig } from '@stagewatch/shared/contract/site-config.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { stagesEver, versionAt } from '@stagewatch/shared/domain/process-history.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import type { Actor } from '../access/actor.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { CalendarChoice } from './site-calendars.ts'
import { anyVersion, requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion, SaveOptions } from '../platform/edit-version.ts'
import { announceRules, requireRules } from './rules-version.ts'
import { firstProcess } from '../platform/site.ts'
import { loadCatalog, loadChoice, lockCalendar, lockSite, saveCalendar, saveChoice } from './catalog-table.ts'
import { recordChange } from '../access/changes-table.ts'
import { changeProcess } from './change-process.ts'
import { addStages, isPlain, removeStages, roomFor } from './learned-stages.ts'
import type { ConfigSection } from './config-section.ts'
import { applyConfig, loadConfig } from './site-config.ts'
import type { ConfigChange } from './site-config.ts'
import { calendarsOfChoice, calendarsOfProcess, refuseUnknownCalendars } from './refuse-unknown-calendars.ts'
import { releaseDraft } from './release-draft.ts'
import type { DraftRelease } from './release-draft.ts'
import { rollBackProcess } from './roll-back-process.ts'
import type { ProcessRollback } from './roll-back-process.ts'
import { endsOf } from './terminal-stages.ts'
import { historyToSave } from './version-to-save.ts'

/** Is notified of the rules of a site and of their changes. */
export interface CatalogListener {
  process(history: ProcessHistory): void
  calendars(definitions: readonly CalendarDefinition[], choice: CalendarChoice): void
}

const noStages: ReadonlySet<string> = new Set()
const nothingEnds: FoldRules = { isTerminal: () => false }

/** The rules of one site, its processes and calendars, kept in memory and written through to the database. */
export class SiteCatalog {
  readonly site: string
  readonly #database: Database
  readonly #clock: Clock
  readonly #listeners: CatalogListener[] = []
  readonly #histories = new Map<string, ProcessHistory>()
  readonly #stages = new Map<string, ReadonlySet<string>>()
  readonly #rules = new Map<string, FoldRules>()
  #calendars: readonly CalendarDefinition[] = []
  #choice: CalendarChoice = { departments: {} }
  #defaultProcess = firstProcess
  #rulesVersion = -1
  /**
   * Serializes reads and changes: a read that started before a change and finished after it would undo the change in
   * memory.
   */
  readonly #inTurn = pLimit(1)

  private constructor(database: Database, site: string, clock: Clock) {
    this.#database = database
    this.site = site
    this.#clock = clock
  }

  static async open(database: Database, site: string, clock: Clock): Promise<SiteCatalog> {
    const catalog = new SiteCatalog(database, site, clock)
    await catalog.reload()
    return catalog
  }

  /** Passes all rules to the listener now, and every later change. */
  subscribe(listener: CatalogListener): void {
    this.tell(listener)
    this.#listeners.push(listener)
  }

  /** Passes all current rules to the listener. */
  tell(listener: CatalogListener): void {
    listener.calendars(this.#calendars, this.#choice)
    for (const history of this.#histories.values()) listener.process(history)
  }

  /** Loads changes made by other server instances. */
  reload(): Promise<void> {
    return this.#inTurn(() => this.#reload())
  }

  async #reload(): Promise<void> {
    const stored = await loadCatalog(this.#database, this.site)
    this.#rulesVersion = stored.rulesVersion
    this.#defaultProcess = stored.defaultProcess ?? firstProcess
    for (const history of stored.histories) this.#remember(history)
    this.#rememberCalendars(stored.calendars, stored.choice)
  }

  /** Version of the rules in memory, see `rules-version.ts`. */
  get rulesVersion(): number {
    return this.#rulesVersion
  }

  /**
   * To be called first in a transaction that folds by these rules.
   * @throws StaleRulesError when another server instance has changed them.
   */
  requireCurrent(tx: Queryable): Promise<void> {
    return requireRules(tx, this.site, this.#rulesVersion)
  }

  get defaultProcess(): string {
    return this.#defaultProcess
  }

  get calendars(): readonly CalendarDefinition[] {
    return this.#calendars
  }

  get calendarChoice(): CalendarChoice {
    return this.#choice
  }

  histories(): ProcessHistory[] {
    return [...this.#histories.values()]
  }

  /** The current version of each process. */
  list(): ProcessDefinition[] {
    return this.histories().map((history) => versionAt(history, this.#clock.now()))
  }

  /** The current version of the process. */
  get(process: string): ProcessDefinition | undefined {
    const history = this.#histories.get(process)
    return history && versionAt(history, this.#clock.now())
  }

  /** Whether events may name the process; the first one is created by the first event. */
  isKnown(process: string): boolean {
    return this.#histories.has(process) || (process === firstProcess && this.#defaultProcess === firstProcess)
  }

  /** The process of every order; undefined if there are several. */
  get onlyProcess(): string | undefined {
    const others = [...this.#histories.keys()].some((process) => process !== this.#defaultProcess)
    return others ? undefined : this.#defaultProcess
  }

  /** Whether the process accepts events of the stage, because it has the stage or accepts new ones. */
  takes(process: string, stage: string | undefined): boolean {
    return stage === undefined || this.hasStage(process, stage) || this.#learns(process)
  }

  hasStage(process: string, stage: string): boolean {
    return (this.#stages.get(process) ?? noStages).has(stage)
  }

  rulesOf(process: string): FoldRules {
    return this.#rules.get(process) ?? nothingEnds
  }

  /**
   * Adds a version of a process, or corrects one; the first process that is defined becomes the default.
   * @param validFrom start of validity of the version, epoch ms; undefined to correct the current one.
   * @param expected version of the whole history, see `versionOf`.
   * @returns whether existing orders fold differently now: they end in other stages, or belong to another process.
   * @throws AppError `unknown_calendar`, or `conflict` when somebody else has changed it.
   */
  save(definition: ProcessDefinition, actor: Actor, ...options: SaveOptions): Promise<boolean> {
    const [validFrom, expected = anyVersion] = options
    const { code: process } = definition
    const changedAt = this.#clock.now()
    return this.#change(async (tx) => {
      await refuseUnknownCalendars(tx, this.site, calendarsOfProcess(definition))
      const versions = (before: ProcessHistory | undefined): ProcessHistory => {
        const after = historyToSave(before, definition, validFrom, changedAt)
        requireVersion(expected, { current: before, yours: after })
        return after
      }
      return changeProcess(tx, this.site, { action: 'process.saved', process, changedAt, actor, validFrom, versions })
    })
  }

  /**
   * Releases the draft of a process, and deletes the draft.
   * @returns the same as `save`.
   * @throws AppError `unknown_calendar`; `not_found` when there is no draft; `conflict` when it is not the expected
   * version, or when somebody has changed the process since it was created.
   */
  release(process: string, release: DraftRelease): Promise<boolean> {
    const changedAt = this.#clock.now()
    return this.#change((tx) => releaseDraft(tx, this.site, { ...release, process, changedAt }))
  }

  /**
   * Restores all versions of a process to their state before a change.
   * @returns the same as `save`.
   * @throws AppError `not_found` when the process has no such change, or was created by it; `conflict` when it is not
   * the expected version.
   */
  rollBack(process: string, rollback: ProcessRollback): Promise<boolean> {
    const changedAt = this.#clock.now()
    return this.#change((tx) => rollBackProcess(tx, this.site, { ...rollback, process, changedAt }))
  }

  /** Creates or replaces a calendar. @throws AppError `conflict` when somebody else has changed it. */
  saveCalendar(definition: CalendarDefinition, actor: Actor, expected: ExpectedVersion = anyVersion): Promise<void> {
    const { code: subject } = definition
    const changedAt = this.#clock.now()
    return this.#change(async (tx) => {
      await lockSite(tx, this.site)
      const before = await lockCalendar(tx, this.site, subject)
      requireVersion(expected, { current: before, yours: definition })
      if (isDeepStrictEqual(before, definition)) return
      await saveCalendar(tx, this.site, definition)
      const change = { changedAt, actor, action: 'calendar.saved', subject, before, after: definition } as const
      await recordChange(tx, this.site, change)
    })
  }

  /**
   * Chooses the calendars that apply where a stage names none.
   * @throws AppError `unknown_calendar`, or `conflict` when somebody else has changed the choice.
   */
  chooseCalendars(choice: CalendarChoice, actor: Actor, expected: ExpectedVersion = anyVersion): Promise<void> {
    const changedAt = this.#clock.now()
    return this.#change(async (tx) => {
      await refuseUnknownCalendars(tx, this.site, calendarsOfChoice(choice))
      await lockSite(tx, this.site)
      const before = await loadChoice(tx, this.site)
      requireVersion(expected, { current: before, yours: choice })
      if (isDeepStrictEqual(before, choice)) return
      await saveChoice(tx, this.site, choice)
      const change = { changedAt, actor, action: 'calendars.chosen', subject: '', before, after: choice } as const
      await recordChange(tx, this.site, change)
    })
  }

  /** The configuration of the site, read from the database. */
  config(sections: readonly ConfigSection[]): Promise<SiteConfig> {
    return loadConfig(this.#database, this.site, sections)
  }

  /** Replaces the configuration of the site atomically; see `applyConfig`. */
  applyConfig(
    config: SiteConfig,
    change: Omit<ConfigChange, 'changedAt'>,
    sections: readonly ConfigSection[],
  ): ReturnType<typeof applyConfig> {
    const changedAt = this.#clock.now()
    return this.#change((tx) => applyConfig(tx, this.site, config, { ...change, changedAt }, sections))
  }

  /** Changes the rules in the database, notifies the other server instances, and reloads the result. */
  #change<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const result = await this.#database.transaction(async (tx) => {
        const done = await work(tx)
        await announceRules(tx, this.site)
        return done
      })
      await this.#reload()
      return result
    })
  }

  /**
   * Adds stages that events name, by process, as far as these accept new ones and have room. Stages that another server
   * instance has added in the meantime are kept and loaded.
   */
  async learnStages(stages: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
    for (const [process, fresh] of stages) {
      await this.#inTurn(async () => {
        const place = { database: this.#database, site: this.site, process }
        this.#remember(await addStages(place, [...fresh], this.#clock.now()))
      })
    }
  }

  /**
   * Removes stages that a process has learned from events of orders that belong to another process. A stage that
   * somebody has saved or given limits is kept.
   */
  async forgetStages(process: string, stages: readonly string[]): Promise<void> {
    const known = this.get(process)
    if (known?.acceptsNewStages !== true || !known.stages.some((stage) => isPlain(stage, stages))) return
    await this.#inTurn(async () => {
      const place = { database: this.#database, site: this.site, process }
      const history = await removeStages(place, stages, this.#clock.now())
      if (history !== undefined) this.#remember(history)
    })
  }

  #learns(process: string): boolean {
    const known = this.get(process)
    return known === undefined ? this.isKnown(process) : roomFor(known) > 0
  }

  #remember(history: ProcessHistory): void {
    const { code } = history[0].definition
    if (isDeepStrictEqual(this.#histories.get(code), history)) return
    this.#histories.set(code, history)
    this.#stages.set(code, stagesEver(history))
    this.#rules.set(code, endsOf(history))
    for (const listener of this.#listeners) listener.process(history)
  }

  #rememberCalendars(calendars: readonly CalendarDefinition[], choice: CalendarChoice): void {
    if (isDeepStrictEqual([this.#calendars, this.#choice], [calendars, choice])) return
    this.#calendars = calendars
    this.#choice = choice
    for (const listener of this.#listeners) listener.calendars(calendars, choice)
  }
}
