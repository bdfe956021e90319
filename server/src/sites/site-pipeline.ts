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
import type { SiteRetention } from '../rules/site-retention.ts'
import type { SiteDepartments } from '../rules/site-departments.ts'
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
import type { Committed, ValidatedRequest } from '../ingest/commit/commit-events.ts'
import { answerOf } from '../ingest/batch-results.ts'
import { blamesEvents, EventWriter, searchMs } from '../ingest/commit/event-writer.ts'
import { hashInBatches, hashedRequests } from '../ingest/commit/hashed-submission.ts'
import type { HashedSubmission } from '../ingest/commit/hashed-submission.ts'
import { GroupCommit } from '../ingest/commit/group-commit.ts'
import { retriedSubmissions } from '../ingest/quarantine/quarantined-events.ts'
import type { SiteSources } from '../ingest/sources/site-sources.ts'
import { laterPosition, loadPosition } from '../log/load-events.ts'
import { observedCommit, observedCommitAhead } from './pipeline-options.ts'
import type { ShownViews } from './shown-views.ts'
import type { StageHoursCapture } from '../boards/stage-hours-capture.ts'

const limits = { commitWeight: 10_000, waitingWeight: 100_000, searchMs }
/** Number of orders per read of what another server instance has written. */
const followedAtOnce = 2_000

/**
 * The path of an event through one site: ingest (parse, validate, quarantine) → event log → projection → engine →
 * boards → live. Each step is a folder of the server.
 */
export class SitePipeline implements RuleService, EventIntake {
  readonly site: Site
  readonly catalog: SiteCatalog
  readonly privacy: SitePrivacy
  readonly retention: SiteRetention
  readonly departments: SiteDepartments
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
    { catalog, privacy, retention, departments, translations, drafts, shown, sources, stageHours }: PipelineParts,
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
    this.retention = retention
    this.departments = departments
    this.translations = translations
    this.drafts = drafts
    const isKnown = (order: string): boolean => !this.#shown.hasOrders || this.engine.processOf(order) !== undefined
    const hasArchives = (): boolean => retention.hasArchives
    this.#writer = new EventWriter({ ...options, isKnown, hasArchives }, catalog, sources.registry)
    const commit = observedCommit<HashedSubmission>(options, (submissions) => this.#commit(submissions))
    const commitAhead = observedCommitAhead<HashedSubmission>(options, (...of) => this.#commitAhead(...of))
    this.#commits = new GroupCommit({ commit, commitAhead, limits, blamesRequests: blamesEvents })
  }

  /** Loads the in-memory state of the site from the database. */
  static async open(options: PipelineOptions): Promise<SitePipeline> {
    const { database, site, clock } = options
    const pipeline = new SitePipeline(options, await openParts(options, () => pipeline.position))
    await pipeline.sources.read()
    await pipeline.privacy.read()
    await pipeline.retention.read()
    await pipeline.departments.read()
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

  /** In-memory state of the whole site. */
  get engine(): LiveEngine {
    return this.#shown.whole.engine
  }

  /** The boards of the whole site. */
  get boards(): SiteBoards {
    return this.#shown.whole.boards
  }

  /** The view for users with access to these departments; undefined: all. */
  view(departments: DepartmentScope): Promise<SiteView> {
    return this.#shown.find(departments)
  }

  /** The views that are currently open. */
  views(): readonly SiteView[] {
    return this.#shown.all()
  }

  /** Closes views that have not been used for a while. */
  closeUnusedViews(isWatched: (view: SiteView) => boolean): void {
    this.#shown.departments.closeUnused(isWatched)
  }

  get usage() {
    return { ...usageOf(this.sources.registry, this.#shown.departments, this.engine), ...this.#writer.usage }
  }

  /** Log position that the state of this server instance includes. */
  get position(): string {
    return this.#position.toString()
  }

  /** Number of events that are not durable yet. */
  get waitingEvents(): number {
    return this.#commits.waitingWeight
  }

  /**
   * Resolves with the outcome of each event once the events are durable.
   * @throws AppError `overloaded`, in which case nothing was stored.
   */
  submit(submission: Submission): Promise<EventsAnswer> {
    // The site is being reloaded; a retried request reaches the new pipeline.
    if (this.#isClosed) {
      const sendAgain = new AppError('overloaded', 'the site is being reloaded: send the request again', {
        retryAfterS: 1,
      })
      return Promise.reject(sendAgain)
    }
    // Hashed immediately, while an earlier commit waits for the database, rather than when its own commit starts.
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

  /** Another server instance has changed these orders, with events up to the position. */
  async follow(orders: readonly string[], position: bigint): Promise<void> {
    await this.#rules.read()
    for (let from = 0; from < orders.length; from += followedAtOnce)
      await this.#shown.show(await this.#loadOrders(orders.slice(from, from + followedAtOnce)))
    this.#position = laterPosition(this.#position, position)
    this.#shown.changed()
  }

  /**
   * Retries if the rules change while orders are read: orders under the old rules could otherwise replace those under
   * the new ones.
   */
  async #loadOrders(orders: readonly string[]): Promise<readonly StoredOrder[]> {
    for (;;) {
      const { rulesVersion } = this.catalog
      const loaded = await readNamedOrders(this.#options.database, this.site.code, orders)
      if (this.catalog.rulesVersion === rulesVersion) return loaded
    }
  }

  /** @param validFrom start of the new version, epoch ms; undefined corrects the current version. */
  saveProcess(definition: ProcessDefinition, actor = serverActor, ...options: SaveOptions): Promise<void> {
    return this.changeProcess((catalog) => catalog.save(definition, actor, ...options))
  }

  async changeProcess(change: (catalog: SiteCatalog) => Promise<boolean>): Promise<void> {
    // Not during a commit, because its folds use the previous rules.
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

  /** From one year ago, or from the arrival of the oldest order that is currently in a stage, until two years ahead. */
  calendarSpan() {
    return calendarSpan(this.engine, this.#options.clock.now())
  }

  /** Loads the rules, and the orders folded and evaluated under them, as written by any server instance. */
  async readRules(): Promise<void> {
    await this.#rules.read()
    await this.privacy.read()
    await this.retention.read()
    await this.departments.read()
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

  /**
   * The instance responsible for a rebuild may have died; until the rebuild is done, the orders reflect the previous
   * rules.
   */
  async #rebuiltAtStart(): Promise<boolean> {
    if (!(await this.#pendingRebuild.claim())) return false
    try {
      await this.rebuild()
      return true
    } catch (error) {
      // Orders that cannot be folded must not prevent the server from starting: `doctor` reports the pending rebuild.
      if (error instanceof DatabaseUnavailableError) throw error
      this.#options.failed(error)
      return false
    }
  }

  /** Whether the hours of the site, in its time zone, have to be stored. */
  isHourCaptureDue(): boolean {
    return this.#stageHours.isDue(this.#options.clock.now())
  }

  /** Has to be called at the start of every hour. */
  captureHour(): Promise<void> {
    const now = this.#options.clock.now()
    const { registry } = this.sources
    return this.#stageHours.turn(now, ({ definition }) => registry.lateSourceOf(definition.code, now) !== undefined)
  }

  /** Whether the stage's source was silent at the start of that hour. */
  isMissing(stage: StageAggregates, hourAt: number): boolean {
    return this.#stageHours.isMissing(stage, hourAt)
  }

  /**
   * Saves the latest events of the sources and reads changes made by other server instances; has to be called every few
   * seconds.
   */
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

  /** Writes all submissions in one transaction: everything becomes durable, or nothing. */
  async #commit(submissions: readonly HashedSubmission[]): Promise<EventsAnswer[]> {
    const requests = await hashedRequests(submissions)
    return this.#committed(requests, await this.#writer.write(requests))
  }

  /** Pipelined variant, see `GroupCommitOptions.commitAhead`. */
  async #commitAhead(submissions: readonly HashedSubmission[], sent: () => void): Promise<EventsAnswer[] | undefined> {
    const requests = await hashedRequests(submissions)
    const committed = await this.#writer.writeAhead(requests, sent)
    return committed && this.#committed(requests, committed)
  }

  /** Updates the in-memory state with a durable commit. */
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

  /**
   * Removes stages from processes that learned them from events of orders which turned out to belong to another
   * process.
   */
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
   * Retries quarantined events that wait for a process or for stages of one, which may exist by now, or that were too
   * far in the future for a clock that was behind.
   * @returns the number of accepted events.
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
