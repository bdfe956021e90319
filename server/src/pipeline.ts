import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { SiteBoards } from './board/site-boards.ts'
import type { BoardSource } from './board/board-source.ts'
import { RuleWatch } from './catalog/rule-watch.ts'
import { emptyProcess, SiteCatalog } from './catalog/site-catalog.ts'
import type { PipelineOptions, Submission } from './pipeline-options.ts'
import type { Site } from './sites/site.ts'
import { EngineTimer } from './clock/engine-timer.ts'
import { LiveEngine } from './engine/live-engine.ts'
import { ProcessLedger } from './engine/process-ledger.ts'
import type { CalendarChoice } from './engine/site-calendars.ts'
import type { StageLedger } from './engine/stage-ledger.ts'
import { FoldCache } from './fold/fold-cache.ts'
import { foldOrders } from './fold/fold-orders.ts'
import { loadOrders } from './fold/load-orders.ts'
import type { StoredOrder } from './fold/load-orders.ts'
import { loadMemoryBegin, loadNames } from './fold/memory-begin.ts'
import { readAllOrders } from './fold/read-all-orders.ts'
import { rebuildOrders } from './fold/rebuild-orders.ts'
import type { RebuiltOrders } from './fold/rebuild-orders.ts'
import { retryStale } from './fold/retry-stale.ts'
import { RulesReader } from './follow/rules-reader.ts'
import { announceRebuild } from './follow/rules-version.ts'
import { admit } from './ingest/admit-events.ts'
import { answerOf, conclude, rejectedOf } from './ingest/conclude-batch.ts'
import type { JudgedItem } from './ingest/conclude-batch.ts'
import { contentHash } from './ingest/content-hash.ts'
import { GroupCommit } from './ingest/group-commit.ts'
import { saveQuarantine } from './ingest/save-quarantine.ts'
import { orderProcesses } from './ingest/order-processes.ts'
import { SiteSources } from './ingest/site-sources.ts'
import type { KnownSource } from './ingest/source-book.ts'
import { appendEvents } from './log/append-events.ts'
import { laterPosition, loadPosition } from './log/log-position.ts'
import { observedCommit } from './metrics/pipeline-observer.ts'
import { MemoryLimit, mostVisits } from './query/memory-limit.ts'
import { HourlySnapshots } from './snapshot/hourly-snapshots.ts'

/** With the hashes of its events. */
interface HashedSubmission extends Submission {
  readonly items: readonly JudgedItem[]
}

const limits = { commitWeight: 10_000, waitingWeight: 100_000 }
const rememberedOrders = 100_000
/** Events of a commit whose statements may take longer than usual. */
const largeCommit = 2_000

/**
 * The way of one event through one site:
 * source → ingest (parse, admit, quarantine) → event log → fold → live engine → board → screens.
 * Each step is a folder beside this file.
 */
export class SitePipeline {
  readonly site: Site
  readonly catalog: SiteCatalog
  readonly engine: LiveEngine
  readonly boards: SiteBoards
  readonly #options: PipelineOptions
  readonly #sources: SiteSources
  readonly #folds = new FoldCache(rememberedOrders)
  readonly #commits: GroupCommit<HashedSubmission, EventsAnswer>
  readonly #snapshots: HourlySnapshots
  readonly #timer: EngineTimer
  readonly #rules: RulesReader
  readonly #memory: MemoryLimit
  #position = 0n

  private constructor(options: PipelineOptions, engine: LiveEngine, catalog: SiteCatalog, watch: RuleWatch) {
    this.#options = options
    this.site = options.site
    this.engine = engine
    this.catalog = catalog
    this.#memory = new MemoryLimit(engine)
    this.#rules = new RulesReader(catalog, {
      readOrders: () => this.#readOrders(),
      judgeAgain: () =>
        watch.judgeAgain(
          () => this.#readOrders(),
          () => this.#changed(),
        ),
    })
    this.#sources = new SiteSources(options.database, options.site.code)
    this.#snapshots = new HourlySnapshots(options.database, options.site.code, engine)
    this.#timer = new EngineTimer(engine, options.clock, () => this.boards.touch())
    const commit = observedCommit<HashedSubmission>(options, (submissions) => this.#commit(submissions))
    this.#commits = new GroupCommit(commit, limits)
    this.boards = new SiteBoards({
      clock: options.clock,
      defaultProcess: () => catalog.defaultProcess,
      sourceOf: (process, now) => this.#boardSource(process, now),
      position: () => this.position,
      send: options.send,
      built: (elapsedMs) => options.observer?.boardBuilt(this.site.code, elapsedMs),
    })
  }

  /** Rebuilds what the site's screens need from the database. */
  static async open(options: PipelineOptions): Promise<SitePipeline> {
    const { database, site, clock } = options
    const engine = new LiveEngine(site.timeZone, options.mostVisits ?? mostVisits)
    const watch = new RuleWatch(engine, clock)
    const catalog = await SiteCatalog.open(database, site.code, clock, watch)
    const pipeline = new SitePipeline(options, engine, catalog, watch)
    await pipeline.#sources.read()
    pipeline.#position = await loadPosition(database)
    engine.ended.beginAt(await loadMemoryBegin(database.patient, site.code, options.mostVisits ?? mostVisits))
    if (engine.ended.beginsAt > -Infinity) engine.ended.know(await loadNames(database.patient, site.code))
    await pipeline.#readOrders()
    await pipeline.#snapshots.open(clock.now())
    pipeline.#timer.arm()
    return pipeline
  }

  /** How far the log is contained in what this process shows. */
  get position(): string {
    return this.#position.toString()
  }

  /** Events that are not yet durable. */
  get waitingEvents(): number {
    return this.#commits.waitingWeight
  }

  /**
   * Resolves when the events are durable, with what became of each.
   * @throws AppError `overloaded`, and then nothing of it was stored.
   */
  submit(submission: Submission): Promise<EventsAnswer> {
    // Hashed now, while an earlier commit waits for the database, and not when its own commit begins.
    const items = submission.items.map((item) => (item.ok ? { ...item, contentHash: contentHash(item.event) } : item))
    return this.#commits.submit({ ...submission, items }, items.length)
  }

  /** Another process has changed these orders, with events up to the position. */
  async follow(orders: readonly string[], position: bigint): Promise<void> {
    await this.#rules.read()
    this.#show(await loadOrders(this.#options.database, this.site.code, orders))
    this.#position = laterPosition(this.#position, position)
    this.#changed()
  }

  /** @param validFrom when the version begins, epoch ms; undefined: the one that is valid now is corrected. */
  async saveProcess(definition: ProcessDefinition, actor = 'server', validFrom?: number): Promise<void> {
    // Not while a commit is running, whose folds are by the rules of before.
    const foldsOtherwise = await this.#commits.alone(() => this.catalog.save(definition, actor, validFrom))
    await (foldsOtherwise ? this.rebuild() : this.readRules())
  }

  saveCalendar(definition: CalendarDefinition, actor: string): Promise<void> {
    return this.catalog.saveCalendar(definition, actor).then(() => this.readRules())
  }

  chooseCalendars(choice: CalendarChoice, actor: string): Promise<void> {
    return this.catalog.chooseCalendars(choice, actor).then(() => this.readRules())
  }

  /** Shows the rules, and the orders as folded and judged by them, that any process has written. */
  async readRules(): Promise<void> {
    await this.#rules.read()
    this.#changed()
  }

  knowSource(source: KnownSource): Promise<void> {
    return this.#sources.know(source)
  }

  /** Folds every order again from the log. */
  async rebuild(onProgress?: (events: number) => void): Promise<RebuiltOrders> {
    const { database } = this.#options
    const site = this.site.code
    const rebuilt = await this.#retryStale(() => rebuildOrders(database.patient, site, this.catalog, onProgress))
    await announceRebuild(database, site)
    await this.readRules()
    return rebuilt
  }

  /** To be called at the turn of every hour. */
  turnHour(): Promise<void> {
    const now = this.#options.clock.now()
    return this.#snapshots.turn(
      now,
      (stage) => this.#sources.book.lateSourceOf(stage.definition.code, now) !== undefined,
    )
  }

  /** Whether the stage's source was silent when that hour turned. */
  isMissing(stage: StageLedger, hourAt: number): boolean {
    return this.#snapshots.isMissing(stage, hourAt)
  }

  /** When each source has last spoken. */
  sources(): BoardSource['sources'] {
    return this.#sources.book.freshness(this.#options.clock.now())
  }

  /** Writes which sources have spoken and reads what other processes have defined; to be called every few seconds. */
  async exchange(): Promise<void> {
    await this.#sources.save()
    await this.#sources.read()
    await this.readRules()
  }

  async close(): Promise<void> {
    await this.#commits.drain()
    this.#timer.stop()
    this.boards.close()
    await this.#sources.save()
  }

  /** One transaction for all submissions: either everything of it is durable, or nothing. */
  async #commit(submissions: readonly HashedSubmission[]): Promise<EventsAnswer[]> {
    const { database, origin, clock } = this.#options
    const site = this.site.code
    const processOf = orderProcesses(
      submissions.flatMap(({ items }) => items),
      (order) => this.engine.processOf(order),
      this.catalog.defaultProcess,
      (process) => this.catalog.isKnown(process),
    )
    const parsed = submissions.flatMap(({ items }) => items.filter((item) => item.ok))
    await this.catalog.learnStages(
      parsed.map(({ event }) => event),
      processOf,
    )
    const judged = submissions.map(({ items }) => items.map((item) => this.#judge(item, processOf)))
    const admitted = judged.flat().filter((item) => item.ok)
    let began: string | undefined
    const { appended, concluded, changes } = await this.#retryStale(() =>
      (admitted.length > largeCommit ? database.patient : database).transaction(async (tx) => {
        await this.catalog.requireCurrent(tx)
        const folds = this.#folds.foldedBy(this.catalog.rulesVersion)
        const added = await appendEvents(tx, site, origin, admitted)
        began = added.tx
        const conclusion = conclude(judged, added.outcomes)
        const accepted = conclusion.flat().flatMap((item) => (item.status === 'accepted' ? [item.event] : []))
        const folded = await foldOrders(tx, site, accepted, this.catalog, folds)
        await saveQuarantine(tx, site, rejectedOf(submissions, conclusion))
        return { appended: added, concluded: conclusion, changes: folded }
      }),
    ).catch((error: unknown) => {
      // The answer to the commit may be what was lost: then its events are there, and are read back.
      if (began !== undefined) this.#options.doubtfulCommits?.add(began)
      throw error
    })
    if (appended.position !== undefined) this.#position = laterPosition(this.#position, BigInt(appended.position))
    this.#folds.remember(changes)
    this.#sources.hear(admitted, clock.now())
    this.#show(changes)
    this.#changed()
    return concluded.map((items) => answerOf(items, this.position))
  }

  /** What is remembered may be behind the database. */
  #retryStale<T>(work: () => Promise<T>): Promise<T> {
    return retryStale(work, this.#folds, this.catalog)
  }

  async #readOrders(): Promise<void> {
    const { beginsAt } = this.engine.ended
    await readAllOrders(this.#options.database, this.site.code, { endedSince: beginsAt }, (page) => this.#show(page))
  }

  #judge(item: JudgedItem, processOf: (event: OrderEvent) => string): JudgedItem {
    if (!item.ok) return item
    const rejection = admit(item.event, processOf(item.event), this.catalog)
    if (rejection !== undefined) return { index: item.index, ok: false, rejection, raw: item.raw }
    return item
  }

  #show(orders: readonly Pick<StoredOrder, 'order' | 'process' | 'state' | 'eventCount'>[]): void {
    const now = this.#options.clock.now()
    this.engine.advance(now)
    for (const { order, process, state, eventCount } of orders)
      this.engine.apply(order, process, state, eventCount, now)
    this.#memory.keep()
  }

  #changed(): void {
    this.#timer.arm()
    this.boards.touch()
  }

  #boardSource(code: string, now: number): BoardSource | undefined {
    const process = this.engine.process(code)
    if (process === undefined && !this.catalog.isKnown(code)) return undefined
    return {
      site: this.site,
      engine: this.engine,
      process: process ?? new ProcessLedger(emptyProcess(code)),
      sources: this.#sources.book.freshness(now),
      lateSourceOf: (stage) => this.#sources.book.lateSourceOf(stage.definition.code, now),
      isMissing: (stage, hourAt) => this.isMissing(stage, hourAt),
    }
  }
}
