import type { Database } from '@stagewatch/db/database.ts'
import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { SiteBoards } from './board/site-boards.ts'
import type { BoardSource } from './board/build-board.ts'
import { emptyProcess, SiteCatalog } from './catalog/site-catalog.ts'
import type { Site } from './sites/site.ts'
import type { Clock } from './clock/clock.ts'
import { LiveEngine } from './engine/live-engine.ts'
import { ProcessLedger } from './engine/process-ledger.ts'
import type { StageLedger } from './engine/stage-ledger.ts'
import { FoldCache } from './fold/fold-cache.ts'
import { foldOrders } from './fold/fold-orders.ts'
import { loadAllOrders, loadOrders } from './fold/load-orders.ts'
import type { StoredOrder } from './fold/load-orders.ts'
import { rebuildOrders } from './fold/rebuild-orders.ts'
import type { RebuiltOrders } from './fold/rebuild-orders.ts'
import { StaleFoldError } from './fold/save-orders.ts'
import type { FoldedChange } from './fold/save-orders.ts'
import { admit } from './ingest/admit-events.ts'
import { answerOf, conclude, rejectedOf } from './ingest/conclude-batch.ts'
import type { JudgedItem } from './ingest/conclude-batch.ts'
import { contentHash } from './ingest/content-hash.ts'
import { GroupCommit } from './ingest/group-commit.ts'
import type { ParsedItem } from './ingest/parse/parse-events.ts'
import { saveQuarantine } from './ingest/save-quarantine.ts'
import { loadSources, saveSources } from './ingest/save-sources.ts'
import { SourceBook } from './ingest/source-book.ts'
import type { KnownSource } from './ingest/source-book.ts'
import { appendEvents } from './log/append-events.ts'
import type { HashedEvent } from './log/append-events.ts'
import { HourlySnapshots } from './snapshot/hourly-snapshots.ts'

/** Events of one request, as parsed. */
export interface Submission {
  /** Name of the key, or of the part of the server, that sent it. */
  readonly sender: string
  readonly items: readonly ParsedItem[]
}

const limits = { commitWeight: 10_000, waitingWeight: 100_000 }
const rememberedOrders = 100_000

export interface PipelineOptions {
  readonly database: Database
  readonly site: Site
  readonly clock: Clock
  /** Names this server process in the log. */
  readonly origin: string
  readonly send: (delta: BoardDelta) => void
}

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
  readonly #sources = new SourceBook()
  readonly #folds = new FoldCache(rememberedOrders)
  readonly #commits: GroupCommit<Submission, EventsAnswer>
  readonly #snapshots: HourlySnapshots
  #position = 0n
  #cancelDeadline: (() => void) | undefined

  private constructor(options: PipelineOptions, engine: LiveEngine, catalog: SiteCatalog) {
    this.#options = options
    this.site = options.site
    this.engine = engine
    this.catalog = catalog
    this.#snapshots = new HourlySnapshots(options.database, options.site.code, engine)
    this.#commits = new GroupCommit((submissions) => this.#commit(submissions), limits)
    this.boards = new SiteBoards({
      clock: options.clock,
      defaultProcess: () => catalog.defaultProcess,
      sourceOf: (process, now) => this.#boardSource(process, now),
      position: () => this.position,
      send: options.send,
    })
  }

  /** Rebuilds what the site's screens need from the database. */
  static async open(options: PipelineOptions): Promise<SitePipeline> {
    const { database, site, clock } = options
    const engine = new LiveEngine(site.timeZone)
    const catalog = await SiteCatalog.open(database, site.code, (process) => engine.setProcess(process, clock.now()))
    const pipeline = new SitePipeline(options, engine, catalog)
    for (const source of await loadSources(database, site.code)) pipeline.#sources.know(source)
    await pipeline.#loadPosition()
    for await (const page of loadAllOrders(database, site.code)) pipeline.#show(page)
    await pipeline.#snapshots.open(clock.now())
    pipeline.#armDeadline()
    return pipeline
  }

  /** How far the log is contained in what this process shows. */
  get position(): string {
    return this.#position.toString()
  }

  /**
   * Resolves when the events are durable, with what became of each.
   * @throws AppError `overloaded`, and then nothing of it was stored.
   */
  submit(submission: Submission): Promise<EventsAnswer> {
    return this.#commits.submit(submission, submission.items.length)
  }

  /** Another process has changed these orders. */
  async follow(orders: readonly string[]): Promise<void> {
    this.#show(await loadOrders(this.#options.database, this.site.code, orders))
    await this.#loadPosition()
    this.#changed()
  }

  async saveProcess(definition: ProcessDefinition): Promise<void> {
    const terminalBefore = terminalStages(this.catalog.get(definition.code))
    await this.catalog.save(definition)
    // Where orders end decides how they are folded.
    if (terminalStages(definition) !== terminalBefore && this.engine.orderCount > 0) await this.rebuild()
    this.#changed()
  }

  async knowSource(source: KnownSource): Promise<void> {
    this.#sources.know(source)
    await saveSources(this.#options.database, this.site.code, [source])
  }

  /** Folds every order again from the log. */
  async rebuild(onProgress?: (events: number) => void): Promise<RebuiltOrders> {
    const { database } = this.#options
    const rebuilt = await rebuildOrders(database, this.site.code, this.catalog, onProgress)
    this.#folds.clear()
    for await (const page of loadAllOrders(database, this.site.code)) this.#show(page)
    this.#changed()
    return rebuilt
  }

  /** To be called at the turn of every hour. */
  turnHour(): Promise<void> {
    const now = this.#options.clock.now()
    return this.#snapshots.turn(now, (stage) => this.#sources.lateSourceOf(stage.definition.code, now) !== undefined)
  }

  /** Whether the stage's source was silent when that hour turned. */
  isMissing(stage: StageLedger, hourAt: number): boolean {
    return this.#snapshots.isMissing(stage, hourAt)
  }

  /** Sources that have been silent for too long. */
  lateSources(): string[] {
    const known = Object.entries(this.#sources.freshness(this.#options.clock.now()))
    return known.filter(([, { late }]) => late).map(([source]) => source)
  }

  /** Writes which sources have spoken; to be called every few seconds. */
  saveSources(): Promise<void> {
    return saveSources(this.#options.database, this.site.code, this.#sources.takeChanged())
  }

  async close(): Promise<void> {
    await this.#commits.drain()
    this.#cancelDeadline?.()
    this.boards.close()
    await this.saveSources()
  }

  /** One transaction for all submissions: either everything of it is durable, or nothing. */
  async #commit(submissions: readonly Submission[]): Promise<EventsAnswer[]> {
    const { database, origin } = this.#options
    const site = this.site.code
    const judged = submissions.map(({ items }) => items.map((item) => this.#judge(item)))
    const admitted = judged.flat().filter((item) => item.ok)
    await this.#addNewStages(admitted)
    const { appended, concluded, changes } = await this.#retryStale(() =>
      database.transaction(async (tx) => {
        const added = await appendEvents(tx, site, origin, admitted)
        const conclusion = conclude(judged, added.outcomes)
        const accepted = conclusion.flat().flatMap((item) => (item.status === 'accepted' ? [item.event] : []))
        const folded = await foldOrders(tx, site, accepted, this.catalog, this.#folds)
        await saveQuarantine(tx, site, rejectedOf(submissions, conclusion))
        return { appended: added, concluded: conclusion, changes: folded }
      }),
    )
    if (appended.position !== undefined) this.#position = latest(this.#position, BigInt(appended.position))
    this.#remember(changes)
    this.#hear(admitted)
    this.#show(changes)
    this.#changed()
    return concluded.map((items) => answerOf(items, this.position))
  }

  /** What is remembered of an order may be behind the tables: forgetting it makes the next try read them. */
  async #retryStale<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StaleFoldError)) throw error
      for (const order of error.orders) this.#folds.delete(order)
      return this.#retryStale(work)
    }
  }

  #judge(item: ParsedItem): JudgedItem {
    if (!item.ok) return item
    const processOf = (order: string) => this.engine.processOf(order) ?? this.catalog.defaultProcess
    const rejection = admit(item.event, processOf, this.catalog)
    if (rejection !== undefined) return { index: item.index, ok: false, rejection, raw: item.raw }
    return { ...item, contentHash: contentHash(item.event) }
  }

  async #addNewStages(admitted: readonly HashedEvent[]): Promise<void> {
    const fresh = new Map<string, Set<string>>()
    for (const { event } of admitted) {
      if (event.stage === undefined) continue
      const process = this.#processOf(event)
      if (this.catalog.hasStage(process, event.stage)) continue
      fresh.set(process, (fresh.get(process) ?? new Set()).add(event.stage))
    }
    for (const [process, stages] of fresh) await this.catalog.addStages(process, stages)
  }

  #processOf(event: OrderEvent): string {
    const named = event.data['process']
    return typeof named === 'string' ? named : (this.engine.processOf(event.order) ?? this.catalog.defaultProcess)
  }

  #remember(changes: readonly FoldedChange[]): void {
    for (const { order, eventCount, process, state } of changes) {
      if (state === undefined) this.#folds.delete(order)
      else this.#folds.set(order, { eventCount, process, state })
    }
  }

  #hear(admitted: readonly HashedEvent[]): void {
    const now = this.#options.clock.now()
    for (const [source, items] of Map.groupBy(admitted, ({ event }) => event.source)) {
      this.#sources.received(source, new Set(items.flatMap(({ event }) => event.stage ?? [])), now)
    }
  }

  #show(orders: readonly Pick<StoredOrder, 'order' | 'process' | 'state' | 'eventCount'>[]): void {
    const now = this.#options.clock.now()
    this.engine.advance(now)
    for (const { order, process, state, eventCount } of orders)
      this.engine.apply(order, process, state, eventCount, now)
  }

  #changed(): void {
    this.#armDeadline()
    this.boards.touch()
  }

  /** An order becomes at risk, overdue or stalled by itself: somebody has to look at the right instant. */
  #armDeadline(): void {
    this.#cancelDeadline?.()
    this.#cancelDeadline = undefined
    const at = this.engine.nextChangeAt()
    if (at === undefined) return
    this.#cancelDeadline = this.#options.clock.at(at, () => {
      this.engine.advance(this.#options.clock.now())
      this.#changed()
    })
  }

  #boardSource(code: string, now: number): BoardSource | undefined {
    const process = this.engine.process(code)
    if (process === undefined && !this.catalog.isKnown(code)) return undefined
    return {
      site: this.site,
      engine: this.engine,
      process: process ?? new ProcessLedger(emptyProcess(code)),
      sources: this.#sources.freshness(now),
      lateSourceOf: (stage) => this.#sources.lateSourceOf(stage.definition.code, now),
      isMissing: (stage, hourAt) => this.isMissing(stage, hourAt),
    }
  }

  async #loadPosition(): Promise<void> {
    const [row] = await this.#options.database.query<{ position: string | null }>(
      'select max(position)::text as position from events',
    )
    this.#position = latest(this.#position, BigInt(row?.position ?? '0'))
  }
}

function terminalStages(process: ProcessDefinition | undefined): string {
  const terminal = process?.stages.filter((stage) => stage.terminal === true).map((stage) => stage.code)
  return JSON.stringify((terminal ?? []).toSorted())
}

function latest(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
