import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { maxStages } from '@stagewatch/shared/contract/process.ts'
import type { FoldRules } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { stagesEver, versionAt, withVersion } from '@stagewatch/shared/domain/process-history.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import type { Actor } from '../access/actor.ts'
import type { Clock } from '../clock/clock.ts'
import type { CalendarChoice } from '../engine/site-calendars.ts'
import { announceRules, lockRules, raiseRules, requireRules } from '../follow/rules-version.ts'
import { firstProcess } from '../sites/site.ts'
import {
  loadCatalog,
  loadChoice,
  lockCalendar,
  lockHistory,
  saveCalendar,
  saveChoice,
  saveVersion,
} from './catalog-table.ts'
import { recordChange } from './changes-table.ts'
import { calendarsOfChoice, calendarsOfProcess, refuseUnknownCalendars } from './refuse-unknown-calendars.ts'
import type { NamedCalendar } from './refuse-unknown-calendars.ts'
import { endsOf, sameEnds } from './terminal-stages.ts'
import { versionToSave } from './version-to-save.ts'

/** Is told of everything that the catalogue holds, at once and whenever it changes. */
export interface CatalogListener {
  process(history: ProcessHistory): void
  calendars(definitions: readonly CalendarDefinition[], choice: CalendarChoice): void
}

const noStages: ReadonlySet<string> = new Set()
const nothingEnds: FoldRules = { isTerminal: () => false }

/** The rules of one site, kept in memory and written through to the database: its processes and its calendars. */
export class SiteCatalog {
  readonly site: string
  readonly #database: Database
  readonly #clock: Clock
  readonly #listener: CatalogListener
  readonly #histories = new Map<string, ProcessHistory>()
  readonly #stages = new Map<string, ReadonlySet<string>>()
  readonly #rules = new Map<string, FoldRules>()
  #calendars: readonly CalendarDefinition[] = []
  #choice: CalendarChoice = { departments: {} }
  #defaultProcess = firstProcess
  #rulesVersion = -1
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(database: Database, site: string, clock: Clock, listener: CatalogListener) {
    this.#database = database
    this.site = site
    this.#clock = clock
    this.#listener = listener
  }

  static async open(database: Database, site: string, clock: Clock, listener: CatalogListener): Promise<SiteCatalog> {
    const catalog = new SiteCatalog(database, site, clock, listener)
    await catalog.reload()
    return catalog
  }

  /** Takes over what other processes of the server have changed. */
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
   * @throws StaleRulesError when another process has changed them.
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

  /** Each process as it is now. */
  list(): ProcessDefinition[] {
    return this.histories().map((history) => versionAt(history, this.#clock.now()))
  }

  /** The process as it is now. */
  get(process: string): ProcessDefinition | undefined {
    const history = this.#histories.get(process)
    return history && versionAt(history, this.#clock.now())
  }

  /** Whether events may name the process; the first one comes into being with the first event. */
  isKnown(process: string): boolean {
    return this.#histories.has(process) || (process === firstProcess && this.#defaultProcess === firstProcess)
  }

  hasStage(process: string, stage: string): boolean {
    return (this.#stages.get(process) ?? noStages).has(stage)
  }

  rulesOf(process: string): FoldRules {
    return this.#rules.get(process) ?? nothingEnds
  }

  /**
   * Adds a version of a process, or corrects one; the first process that is defined becomes the default.
   * @param validFrom when the version begins, epoch ms; undefined: the one that is valid now is corrected.
   * @returns whether orders that are there fold otherwise now: they end in other stages, or belong to another process.
   * @throws AppError `unknown_calendar`.
   */
  save(definition: ProcessDefinition, actor: Actor, validFrom?: number): Promise<boolean> {
    const now = this.#clock.now()
    return this.#change(calendarsOfProcess(definition), async (tx) => {
      await lockRules(tx, this.site)
      const before = await lockHistory(tx, this.site, definition.code)
      const version = versionToSave(before, definition, validFrom, now)
      const after: ProcessHistory = before === undefined ? [version] : withVersion(before, version)
      if (!isDeepStrictEqual(before, after)) {
        await saveVersion(tx, this.site, version)
        const change = {
          changedAt: now,
          actor,
          action: 'process.saved',
          subject: definition.code,
          before,
          after,
        } as const
        await recordChange(tx, this.site, change)
      }
      const first = await tx.query(
        'update sites set default_process = $2 where code = $1 and default_process is null returning code',
        [this.site, definition.code],
      )
      const otherDefault = first.length > 0 && definition.code !== firstProcess
      const otherwise = otherDefault || !sameEnds(before, after)
      if (otherwise) await raiseRules(tx, this.site)
      return otherwise
    })
  }

  /** Creates or replaces a calendar. */
  saveCalendar(definition: CalendarDefinition, actor: Actor): Promise<void> {
    const { code: subject } = definition
    const changedAt = this.#clock.now()
    return this.#change([], async (tx) => {
      const before = await lockCalendar(tx, this.site, subject)
      if (isDeepStrictEqual(before, definition)) return
      await saveCalendar(tx, this.site, definition)
      const change = { changedAt, actor, action: 'calendar.saved', subject, before, after: definition } as const
      await recordChange(tx, this.site, change)
    })
  }

  /**
   * Says which calendars count where no stage names one.
   * @throws AppError `unknown_calendar`.
   */
  chooseCalendars(choice: CalendarChoice, actor: Actor): Promise<void> {
    const changedAt = this.#clock.now()
    return this.#change(calendarsOfChoice(choice), async (tx) => {
      const before = await loadChoice(tx, this.site)
      if (isDeepStrictEqual(before, choice)) return
      await saveChoice(tx, this.site, choice)
      const change = { changedAt, actor, action: 'calendars.chosen', subject: '', before, after: choice } as const
      await recordChange(tx, this.site, change)
    })
  }

  /**
   * Changes the rules in the database, tells the other processes, and takes over what is there then.
   * @param named the calendars that have to be there.
   */
  #change<T>(named: readonly NamedCalendar[], work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#refuseUnknown(named)
      const result = await this.#database.transaction(async (tx) => {
        const done = await work(tx)
        await announceRules(tx)
        return done
      })
      await this.#reload()
      return result
    })
  }

  /** A calendar may have come into being in another process a moment ago. */
  async #refuseUnknown(named: readonly NamedCalendar[]): Promise<void> {
    const isKnown = (code: string) => this.#calendars.some((calendar) => calendar.code === code)
    if (!named.every(([, code]) => isKnown(code))) await this.#reload()
    refuseUnknownCalendars(named, isKnown)
  }

  /** What was read before a change would take it back in memory, if it were taken over after it. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** Adds the stages that events name and their process does not know yet, if it accepts new ones and has room. */
  async learnStages(events: readonly OrderEvent[], processOf: (event: OrderEvent) => string): Promise<void> {
    const fresh = new Map<string, Set<string>>()
    for (const event of events) {
      const process = processOf(event)
      if (event.stage === undefined || this.hasStage(process, event.stage) || !this.#learns(process)) continue
      fresh.set(process, (fresh.get(process) ?? new Set()).add(event.stage))
    }
    for (const [process, stages] of fresh) await this.#inTurn(() => this.#addStages(process, [...stages]))
  }

  #learns(process: string): boolean {
    const known = this.get(process)
    return known === undefined ? this.isKnown(process) : roomFor(known) > 0
  }

  async #addStages(process: string, stages: readonly string[]): Promise<void> {
    const now = this.#clock.now()
    const history = await this.#database.transaction(async (tx): Promise<ProcessHistory> => {
      const before = (await lockHistory(tx, this.site, process)) ?? [{ definition: emptyProcess(process) }]
      const known = stagesEver(before)
      const current = versionAt(before, now)
      const added = stages.filter((code) => !known.has(code)).slice(0, roomFor(current))
      const version = versionToSave(
        before,
        { ...current, stages: [...current.stages, ...added.map(plainStage)] },
        undefined,
        now,
      )
      await saveVersion(tx, this.site, version)
      return withVersion(before, version)
    })
    this.#remember(history)
  }

  #remember(history: ProcessHistory): void {
    const { code } = history[0].definition
    if (isDeepStrictEqual(this.#histories.get(code), history)) return
    this.#histories.set(code, history)
    this.#stages.set(code, stagesEver(history))
    this.#rules.set(code, endsOf(history))
    this.#listener.process(history)
  }

  #rememberCalendars(calendars: readonly CalendarDefinition[], choice: CalendarChoice): void {
    if (isDeepStrictEqual([this.#calendars, this.#choice], [calendars, choice])) return
    this.#calendars = calendars
    this.#choice = choice
    this.#listener.calendars(calendars, choice)
  }
}

/** The process that comes into being with the first event: it learns its stages from the events. */
export function emptyProcess(code: string): ProcessDefinition {
  return { code, name: { zh: '订单流程', en: 'Order process' }, stages: [], acceptsNewStages: true, goals: {} }
}

/** How many stages the process would still learn from events. */
function roomFor({ acceptsNewStages, stages }: ProcessDefinition): number {
  return acceptsNewStages ? Math.max(0, maxStages - stages.length) : 0
}
