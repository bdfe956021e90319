import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { serverActor } from './access/actor.ts'
import type { Actor } from './access/actor.ts'
import type { BoardSource } from './board/board-source.ts'
import type { DepartmentViews } from './board/department-views.ts'
import type { SiteBoards } from './board/site-boards.ts'
import type { SiteView } from './board/site-view.ts'
import type { SiteCatalog } from './catalog/site-catalog.ts'
import type { PipelineOptions, Submission } from './pipeline-options.ts'
import { openParts } from './pipeline-parts.ts'
import type { PipelineParts } from './pipeline-parts.ts'
import type { Site } from './sites/site.ts'
import type { SitePrivacy } from './sites/site-privacy.ts'
import type { LiveEngine } from './engine/live-engine.ts'
import type { CalendarChoice } from './engine/site-calendars.ts'
import type { StageLedger } from './engine/stage-ledger.ts'
import { FoldCache } from './fold/fold-cache.ts'
import { foldOrders } from './fold/fold-orders.ts'
import { loadOrders } from './fold/load-orders.ts'
import type { StoredOrder } from './fold/load-orders.ts'
import { loadMemoryBegin, loadNames } from './fold/memory-begin.ts'
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
import type { SiteSources } from './ingest/site-sources.ts'
import type { KnownSource } from './ingest/source-book.ts'
import { appendEvents } from './log/append-events.ts'
import { laterPosition, loadPosition } from './log/log-position.ts'
import { observedCommit } from './metrics/pipeline-observer.ts'
import { mostVisits } from './query/memory-limit.ts'
import type { HourlySnapshots } from './snapshot/hourly-snapshots.ts'

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
  readonly privacy: SitePrivacy
  readonly #options: PipelineOptions
  readonly #whole: SiteView
  readonly #parts: DepartmentViews
  readonly #sources: SiteSources
  readonly #folds = new FoldCache(rememberedOrders)
  readonly #commits: GroupCommit<HashedSubmission, EventsAnswer>
  readonly #snapshots: HourlySnapshots
  readonly #rules: RulesReader
  #position = 0n

  private constructor(options: PipelineOptions, { catalog, privacy, whole, parts, sources, snapshots }: PipelineParts) {
    this.#options = options
    this.site = options.site
    this.catalog = catalog
    this.#whole = whole
    this.#parts = parts
    this.#sources = sources
    this.#snapshots = snapshots
    this.#rules = new RulesReader(catalog, {
      readOrders: () => this.#inAllViews((view) => view.readOrders()),
      judgeAgain: () => this.#inAllViews((view) => view.judgeAgain()),
    })
    this.privacy = privacy
    const commit = observedCommit<HashedSubmission>(options, (submissions) => this.#commit(submissions))
    this.#commits = new GroupCommit(commit, limits)
  }

  /** Rebuilds what the site's screens need from the database. */
  static async open(options: PipelineOptions): Promise<SitePipeline> {
    const { database, site, clock } = options
    const pipeline = new SitePipeline(options, await openParts(options, () => pipeline.position))
    await pipeline.#sources.read()
    await pipeline.privacy.read()
    pipeline.#position = await loadPosition(database)
    const { ended } = pipeline.engine
    ended.beginAt(await loadMemoryBegin(database.patient, site.code, options.mostVisits ?? mostVisits))
    if (ended.beginsAt > -Infinity) ended.know(await loadNames(database.patient, site.code))
    await pipeline.#whole.readOrders()
    await pipeline.#snapshots.open(clock.now())
    pipeline.#whole.changed()
    return pipeline
  }

  /** What is in memory of the whole site. */
  get engine(): LiveEngine {
    return this.#whole.engine
  }

  /** The boards of the whole site. */
  get boards(): SiteBoards {
    return this.#whole.boards
  }

  /** What those are shown who may see these departments; undefined: all. */
  async view(departments: DepartmentScope): Promise<SiteView> {
    return departments === undefined ? this.#whole : this.#parts.find(departments)
  }

  /** The views that are open now. */
  views(): readonly SiteView[] {
    return [this.#whole, ...this.#parts]
  }

  /** Lets go of views that nobody has looked at for a while. */
  closeUnusedViews(isWatched: (view: SiteView) => boolean): void {
    this.#parts.closeUnused(isWatched)
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
  async saveProcess(definition: ProcessDefinition, actor = serverActor, validFrom?: number): Promise<void> {
    // Not while a commit is running, whose folds are by the rules of before.
    const foldsOtherwise = await this.#commits.alone(() => this.catalog.save(definition, actor, validFrom))
    await (foldsOtherwise ? this.rebuild() : this.readRules())
  }

  saveCalendar(definition: CalendarDefinition, actor: Actor): Promise<void> {
    return this.catalog.saveCalendar(definition, actor).then(() => this.readRules())
  }

  chooseCalendars(choice: CalendarChoice, actor: Actor): Promise<void> {
    return this.catalog.chooseCalendars(choice, actor).then(() => this.readRules())
  }

  /** Shows the rules, and the orders as folded and judged by them, that any process has written. */
  async readRules(): Promise<void> {
    await this.#rules.read()
    await this.privacy.read()
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
    this.#whole.close()
    this.#parts.close()
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

  #judge(item: JudgedItem, processOf: (event: OrderEvent) => string): JudgedItem {
    if (!item.ok) return item
    const rejection = admit(item.event, processOf(item.event), this.catalog)
    if (rejection !== undefined) return { index: item.index, ok: false, rejection, raw: item.raw }
    return item
  }

  #show(orders: readonly StoredOrder[]): void {
    for (const view of this.views()) view.show(orders)
  }

  #changed(): void {
    for (const view of this.views()) view.changed()
  }

  async #inAllViews(work: (view: SiteView) => Promise<void>): Promise<void> {
    for (const view of this.views()) await work(view)
  }
}
