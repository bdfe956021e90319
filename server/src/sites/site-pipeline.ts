import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { serverActor, type Actor } from '../access/actor.ts'
import type { SiteBoards } from '../boards/site-boards.ts'
import type { SiteView } from '../boards/site-view.ts'
import type { SiteCatalog } from '../rules/site-catalog.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import type { EventIntake, Submission } from '../ingest/event-intake.ts'
import type { RuleService } from '../rules/rule-service.ts'
import { calendarSpan } from '../engine/calendar-span.ts'
import { openParts, usageOf } from './pipeline-parts.ts'
import type { PipelineParts } from './pipeline-parts.ts'
import { AppError } from '../platform/app-error.ts'
import type { Site } from '../platform/site.ts'
import type { ProcessDrafts } from '../rules/process-drafts.ts'
import type { SitePrivacy } from '../rules/site-privacy.ts'
import type { SiteTranslations } from '../rules/site-translations.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { CalendarChoice } from '../rules/site-calendars.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { ExpectedVersion, SaveOptions } from '../platform/edit-version.ts'
import type { StoredOrder } from '../projection/load-orders.ts'
import { readNamedOrders } from '../projection/read-all-orders.ts'
import { announceRebuild, PendingRebuild } from '../projection/pending-rebuild.ts'
import { rebuildOrders, type RebuiltOrders } from '../projection/rebuild-orders.ts'
import { RulesReader } from '../rules/rules-reader.ts'
import type { Committed, ValidatedRequest } from '../ingest/commit-events.ts'
import { answerOf } from '../ingest/batch-results.ts'
import { blamesEvents, EventWriter, searchMs } from '../ingest/event-writer.ts'
import { hashInBatches, hashedRequests } from '../ingest/hashed-submission.ts'
import type { HashedSubmission } from '../ingest/hashed-submission.ts'
import { GroupCommit } from '../ingest/group-commit.ts'
import { retriedSubmissions } from '../ingest/quarantined-events.ts'
import type { SiteSources } from '../ingest/site-sources.ts'
import { laterPosition, loadPosition } from '../log/load-events.ts'
import { observedCommit, observedCommitAhead } from './pipeline-options.ts'
import type { ShownViews } from './shown-views.ts'
import type { StageHoursCapture } from '../boards/stage-hours-capture.ts'

const limits = { commitWeight: 10_000, waitingWeight: 100_000, searchMs }
/** What another server instance has written is read in pieces of so many orders. */
const followedAtOnce = 2_000

/**
 * The way of one event through one site:
 * ingest (parse, validate, quarantine) → event log → projection → engine → boards → live.
 * Each step is a folder of the server.
 */
export class SitePipeline implements RuleService, EventIntake {
  readonly site: Site
  readonly catalog: SiteCatalog
  readonly privacy: SitePrivacy
  readonly translations: SiteTranslations
  readonly drafts: ProcessDrafts
  readonly #options: PipelineOptions
  readonly #shown: ShownViews
  readonly sources: SiteSources
  readonly #writer: EventWriter
  readonly #commits: GroupCommit<HashedSubmission, EventsAnswer>
  readonly #stageHours: StageHoursCapture
  readonly #rules: RulesReader
  readonly #pendingRebuild: PendingRebuild
  readonly #unlisten: () => void
  #position = 0n
  #isClosed = false

  private constructor(
    options: PipelineOptions,
    { catalog, privacy, translations, drafts, shown, sources, stageHours }: PipelineParts,
  ) {
    this.#options = options
    this.site = options.site
    this.catalog = catalog
    this.#shown = shown
    this.sources = sources
    this.#stageHours = stageHours
    const { database, clock, origin, failed } = options
    this.#pendingRebuild = new PendingRebuild({ database, site: options.site.code, clock, origin, failed })
    this.#rules = new RulesReader(catalog, {
      readOrders: () => this.#shown.inEach((view) => view.readOrders()),
      reevaluate: () => this.#shown.inEach((view) => view.reevaluate()),
    })
    this.#unlisten = clock.onStep(({ byMs }) => {
      if (byMs > 0) void this.retryQuarantined('clock').catch(failed)
    })
    this.privacy = privacy
    this.translations = translations
    this.drafts = drafts
    const isKnown = (order: string): boolean => !this.#shown.hasOrders || this.engine.processOf(order) !== undefined
    this.#writer = new EventWriter({ ...options, isKnown }, catalog, sources.registry)
    const commit = observedCommit<HashedSubmission>(options, (submissions) => this.#commit(submissions))
    const commitAhead = observedCommitAhead<HashedSubmission>(options, (...of) => this.#commitAhead(...of))
    this.#commits = new GroupCommit({ commit, commitAhead, limits, blamesRequests: blamesEvents })
  }

  /** Rebuilds what the site's screens need from the database. */
  static async open(options: PipelineOptions): Promise<SitePipeline> {
    const { database, site, clock } = options
    const pipeline = new SitePipeline(options, await openParts(options, () => pipeline.position))
    await pipeline.sources.read()
    await pipeline.privacy.read()
    await pipeline.translations.read()
    pipeline.#position = await loadPosition(database)
    if (!pipeline.#shown.hasOrders) {
      await pipeline.#rebuiltAtStart()
      return pipeline
    }
    await pipeline.#shown.whole.beginMemory()
    if (!(await pipeline.#rebuiltAtStart())) await pipeline.#shown.whole.readOrders()
    await pipeline.#stageHours.open(clock.now())
    pipeline.#shown.whole.changed()
    pipeline.engine.reportEdgesTo((edges) => options.statusChanged?.(site.code, edges))
    return pipeline
  }

  /** What is in memory of the whole site. */
  get engine(): LiveEngine {
    return this.#shown.whole.engine
  }

  /** The boards of the whole site. */
  get boards(): SiteBoards {
    return this.#shown.whole.boards
  }

  /** What those are shown who may see these departments; undefined: all. */
  view(departments: DepartmentScope): Promise<SiteView> {
    return this.#shown.find(departments)
  }

  /** The views that are open now. */
  views(): readonly SiteView[] {
    return this.#shown.all()
  }

  /** Lets go of views that nobody has looked at for a while. */
  closeUnusedViews(isWatched: (view: SiteView) => boolean): void {
    this.#shown.departments.closeUnused(isWatched)
  }

  get usage() {
    return { ...usageOf(this.sources.registry, this.#shown.departments, this.engine), ...this.#writer.usage }
  }

  /** How far the log is contained in what this server instance shows. */
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
    // The site is being read anew, and whoever sends again finds what was read.
    if (this.#isClosed) {
      const sendAgain = new AppError('overloaded', 'the site is being read anew: send it again', { retryAfterS: 1 })
      return Promise.reject(sendAgain)
    }
    // Hashed now, while an earlier commit waits for the database, and not when its own commit begins.
    const hashed = hashInBatches(submission)
    const isImport = submission.importId !== undefined
    const prepared = isImport && hashed.then((items) => this.#writer.prepare({ ...submission, items }))
    return this.#commits.submit({ ...submission, hashed, ...(prepared && { prepared }) }, submission.items.length)
  }

  async try(submission: Submission, process?: ProcessDefinition): Promise<EventsAnswer> {
    const items = await hashInBatches(submission)
    const { outcomes } = await this.#writer.try({ ...submission, items }, process)
    return answerOf(outcomes[0] ?? [], this.position)
  }

  /** Another process has changed these orders, with events up to the position. */
  async follow(orders: readonly string[], position: bigint): Promise<void> {
    await this.#rules.read()
    for (let from = 0; from < orders.length; from += followedAtOnce)
      await this.#shown.show(await this.#loadOrders(orders.slice(from, from + followedAtOnce)))
    this.#position = laterPosition(this.#position, position)
    this.#shown.changed()
  }

  /** What is read while the rules change may come in after what was read by the new ones, and would replace it. */
  async #loadOrders(orders: readonly string[]): Promise<readonly StoredOrder[]> {
    for (;;) {
      const { rulesVersion } = this.catalog
      const loaded = await readNamedOrders(this.#options.database, this.site.code, orders)
      if (this.catalog.rulesVersion === rulesVersion) return loaded
    }
  }

  /** @param validFrom when the version begins, epoch ms; undefined: the one that is valid now is corrected. */
  saveProcess(definition: ProcessDefinition, actor = serverActor, ...options: SaveOptions): Promise<void> {
    return this.changeProcess((catalog) => catalog.save(definition, actor, ...options))
  }

  async changeProcess(change: (catalog: SiteCatalog) => Promise<boolean>): Promise<void> {
    // Not while a commit is running, whose folds are by the rules of before.
    const foldsOtherwise = await this.#commits.runExclusive(() => change(this.catalog))
    await (foldsOtherwise ? this.rebuild() : this.readRules())
    await this.retryQuarantined()
  }

  saveCalendar(definition: CalendarDefinition, actor: Actor, expected?: ExpectedVersion): Promise<void> {
    return this.catalog.saveCalendar(definition, actor, expected).then(() => this.readRules())
  }

  chooseCalendars(choice: CalendarChoice, actor: Actor, expected?: ExpectedVersion): Promise<void> {
    return this.catalog.chooseCalendars(choice, actor, expected).then(() => this.readRules())
  }

  /** From a year ago, or from when the oldest order came that is in a stage now, up to two years ahead. */
  calendarSpan() {
    return calendarSpan(this.engine, this.#options.clock.now())
  }

  /** Shows the rules, and the orders as folded and judged by them, that any server instance has written. */
  async readRules(): Promise<void> {
    await this.#rules.read()
    await this.privacy.read()
    await this.translations.read()
    this.#shown.changed()
  }

  /** Folds every order again from the log. */
  async rebuild(onProgress?: (events: number) => void): Promise<RebuiltOrders> {
    const { database, site } = this.#options
    return this.#pendingRebuild.during(async () => {
      let version = 0
      const rebuilt = await this.#writer.retryStale(() => {
        version = this.catalog.rulesVersion
        return rebuildOrders(database.longRunning, site.code, this.catalog, onProgress)
      })
      await announceRebuild(database, site.code, version)
      await this.readRules()
      return rebuilt
    })
  }

  /** Whoever should have folded the orders again may have died before; until that is done, what they say is of before. */
  async #rebuiltAtStart(): Promise<boolean> {
    if (!(await this.#pendingRebuild.claim())) return false
    try {
      await this.rebuild()
      return true
    } catch (error) {
      // Orders that cannot be folded again keep no server from starting: `doctor` tells of the rebuild.
      if (error instanceof DatabaseUnavailableError) throw error
      this.#options.failed(error)
      return false
    }
  }

  /** Whether the hours of the site, by its own clocks, have to be written. */
  isHourCaptureDue(): boolean {
    return this.#stageHours.isDue(this.#options.clock.now())
  }

  /** To be called at the turn of every hour. */
  captureHour(): Promise<void> {
    const now = this.#options.clock.now()
    const { registry } = this.sources
    return this.#stageHours.turn(now, ({ definition }) => registry.lateSourceOf(definition.code, now) !== undefined)
  }

  /** Whether the stage's source was silent when that hour turned. */
  isMissing(stage: StageAggregates, hourAt: number): boolean {
    return this.#stageHours.isMissing(stage, hourAt)
  }

  /** Writes which sources have spoken and reads what other server instances have defined; to be called every few seconds. */
  async sync(): Promise<void> {
    await this.sources.save()
    await this.sources.read()
    await this.readRules()
    if (await this.#pendingRebuild.claim()) await this.rebuild()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#unlisten()
    await this.#commits.drain()
    this.#shown.close()
    await this.sources.close()
  }

  /** One transaction for all submissions: either everything of it is durable, or nothing. */
  async #commit(submissions: readonly HashedSubmission[]): Promise<EventsAnswer[]> {
    const requests = await hashedRequests(submissions)
    return this.#committed(requests, await this.#writer.write(requests))
  }

  /** The same, see `GroupCommitOptions.commitAhead`. */
  async #commitAhead(submissions: readonly HashedSubmission[], sent: () => void): Promise<EventsAnswer[] | undefined> {
    const requests = await hashedRequests(submissions)
    const committed = await this.#writer.writeAhead(requests, sent)
    return committed && this.#committed(requests, committed)
  }

  /** Counts in what is durable now. */
  async #committed(
    requests: readonly ValidatedRequest[],
    { appended, outcomes, changes, left }: Committed,
  ): Promise<EventsAnswer[]> {
    if (appended.position !== undefined) this.#position = laterPosition(this.#position, BigInt(appended.position))
    this.sources.record(
      requests.map(({ items, imported }, index) => ({ items, imported, outcomes: outcomes[index] ?? [] })),
      this.#options.clock.now(),
    )
    await this.#shown.show(changes)
    await this.#forgetStages(left)
    this.#shown.changed()
    return outcomes.map((items) => answerOf(items, this.position))
  }

  /** Takes stages off processes that were learned from events of orders which turned out to belong to another one. */
  async #forgetStages(left: Committed['left']): Promise<void> {
    for (const [process, stages] of left) {
      const used = await this.visitedStages(process, stages)
      const unused = [...stages].filter((stage) => !used.has(stage))
      if (unused.length > 0) await this.catalog.forgetStages(process, unused)
    }
  }

  visitedStages(process: string, stages: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    return this.#shown.visitedStages(process, stages)
  }

  /**
   * Tries what waits in quarantine for a process or for stages of one, because these may be there now, or what was too
   * far in the future for a clock that was behind.
   * @returns how many events were taken in.
   */
  async retryQuarantined(waitedFor: Parameters<typeof retriedSubmissions>[2] = 'rules'): Promise<number> {
    const { database, clock } = this.#options
    const now = waitedFor === 'clock' ? clock.now() : undefined
    let taken = 0
    for await (const { sender, items } of retriedSubmissions(database, this.site.code, waitedFor, now)) {
      taken += (await this.#commits.submit({ sender, items, hashed: Promise.resolve(items) }, items.length)).accepted
    }
    return taken
  }
}
