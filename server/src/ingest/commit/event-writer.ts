import type { Database } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { AppError } from '../../platform/app-error.ts'
import type { InDoubtTransactions } from '../../log/log-follower.ts'
import type { Site } from '../../platform/site.ts'
import type { SiteCatalog } from '../../rules/site-catalog.ts'
import { FoldCache } from '../../projection/fold-cache.ts'
import { retryStale } from './retry-stale.ts'
import { AheadWriter } from './ahead-writer.ts'
import { admit } from './admit-events.ts'
import type { AdmissionRules } from './admit-events.ts'
import { commitBulk, isRefusedInBulk } from './commit-bulk.ts'
import { commitEvents } from './commit-events.ts'
import type { Committed, ValidatedRequest } from './commit-events.ts'
import type { ValidatedItem } from '../batch-results.ts'
import { isForBulk, isPreparedFor, prepareBulk } from './prepared-bulk.ts'
import type { PreparedBulk, PreparedRequest } from './prepared-bulk.ts'
import { findCulprits } from './find-culprits.ts'
import type { Rejection } from '../parse/validation.ts'
import type { SourceAdmission, SourceRegistry } from '../sources/source-registry.ts'
import { TrialRules } from './trial-rules.ts'

/** Maximum time spent searching for the events that prevent a commit from being stored. */
export const searchMs = 10_000

/** An order takes about 500 bytes, a visit about 150. */
const cachedFolds = { orders: 100_000, visits: 1_000_000 }
/** Number of events above which the statements of a commit may take longer than usual. */
const largeCommit = 2_000

/** Not the number of a real import, but treated like one: events that an undone import had added count again. */
const triedImport = 0

/** Ends a successful trial, so that its transaction is rolled back. */
class TrialEnded extends Error {
  override readonly name = 'TrialEnded'
  readonly committed: Committed

  constructor(committed: Committed) {
    super('rolled back')
    this.committed = committed
  }
}

const cannotBeStored: Rejection = {
  code: 'internal',
  message: 'the server failed to store this event; the others are stored',
}

/** Whether an error may be caused by the events, rather than by the database or by concurrent writers. */
export function blamesEvents(error: unknown): boolean {
  return !(error instanceof AppError || error instanceof DatabaseUnavailableError)
}

interface WriterOptions {
  readonly database: Database
  readonly site: Site
  /** Identifies this server instance in the log. */
  readonly origin: string
  /** Receives transactions of this instance whose commit was never acknowledged. */
  readonly inDoubtTransactions?: InDoubtTransactions | undefined
  /** Reports an error that no caller is waiting for. */
  readonly failed: (error: unknown) => void
  /** Whether the order has been seen. */
  readonly isKnown: (order: string) => boolean
  /** See `CommitContext`. */
  readonly hasArchives: () => boolean
}

/**
 * Writes events of one site into the log and the tables. Retries until its cached rules and folds match the database.
 */
export class EventWriter {
  readonly #options: WriterOptions
  readonly #catalog: SiteCatalog
  readonly #sources: Pick<SourceRegistry, 'admission'>
  readonly #folds = new FoldCache(cachedFolds)
  readonly #ahead: AheadWriter

  constructor(options: WriterOptions, catalog: SiteCatalog, sources: Pick<SourceRegistry, 'admission'>) {
    this.#options = options
    this.#catalog = catalog
    this.#sources = sources
    const { database, site, origin, isKnown, hasArchives, inDoubtTransactions } = options
    this.#ahead = new AheadWriter({
      database,
      context: { site: site.code, origin, rules: catalog, folds: this.#folds, hasArchives },
      isKnown,
      inDoubt: (tx) => inDoubtTransactions?.add(tx),
    })
  }

  /**
   * Writes all requests in one transaction: everything becomes durable, or nothing. For a single request, events that
   * prevent the others from being stored are rejected.
   */
  async write(requests: readonly PreparedRequest[]): Promise<Committed> {
    const committed = await this.#write(requests).catch(async (error: unknown) => {
      const [only] = requests
      if (only === undefined || requests.length > 1 || !blamesEvents(error)) throw error
      return this.#write([await this.#withoutCulprits(only, error)])
    })
    this.#folds.keep(committed.changes)
    return committed
  }

  /** See `prepareBulk`. An error here occurs again in the commit, which determines its cause. */
  prepare(request: ValidatedRequest): Promise<PreparedBulk | undefined> {
    const { origin, site } = this.#options
    return prepareBulk(request, { site: site.code, origin, rules: this.#catalog }).catch(() => undefined)
  }

  /**
   * Like `write`, but without waiting for the preceding commit. Only for events that are all new according to this
   * server instance.
   * @param sent called as soon as the next commit may be submitted.
   * @returns undefined if nothing was stored and `write` has to be used.
   */
  async writeAhead(requests: readonly ValidatedRequest[], sent: () => void): Promise<Committed | undefined> {
    if (requests.some(({ importId }) => importId !== undefined)) return undefined
    return this.#ahead.write(this.#judged(requests), sent)
  }

  /** Fill level of each cache, by name. */
  get usage() {
    return this.#folds.usage
  }

  /** Retries `work` when cached state is older than the database. */
  retryStale<T>(work: () => Promise<T>): Promise<T> {
    return retryStale(work, this.#folds, this.#catalog)
  }

  /**
   * Determines the outcome of events if the site had `process` in addition, without storing anything. Other commits
   * continue meanwhile.
   * @throws AppError, DatabaseUnavailableError
   */
  async try(request: ValidatedRequest, process: ProcessDefinition | undefined): Promise<Committed> {
    const { database, origin, site, hasArchives } = this.#options
    const rules = new TrialRules(this.#catalog, process)
    const trial = {
      reload: () => this.#catalog.reload(),
      learnStages: (stages: ReadonlyMap<string, ReadonlySet<string>>) => Promise.resolve(rules.learn(stages)),
    }
    // A separate cache, because orders may fold differently under these rules.
    const folds = new FoldCache({ orders: 0, visits: 0 })
    const write = async (): Promise<Committed> => {
      const admitSource = this.#sources.admission()
      const items = request.items.map((item) => {
        const tried = judged(item, admitSource, rules)
        return tried.ok ? { ...tried, importId: triedImport } : tried
      })
      try {
        return await database.longRunning.transaction(async (tx) => {
          const context = { site: site.code, origin, rules, folds, hasArchives }
          throw new TrialEnded(await commitEvents(tx, context, [{ ...request, items }], () => {}))
        })
      } catch (error) {
        if (error instanceof TrialEnded) return error.committed
        throw error
      }
    }
    return retryStale(write, folds, trial)
  }

  /** @param isTrial rolls everything back. */
  async #write(requests: readonly PreparedRequest[], isTrial = false): Promise<Committed> {
    const { database, origin, site, hasArchives } = this.#options
    const requested = this.#judged(requests)
    const count = requested.reduce((sum, { items }) => sum + items.length, 0)
    let began: string | undefined
    const write = (commit: typeof commitBulk) => {
      began = undefined
      return this.retryStale(() =>
        (count > largeCommit ? database.longRunning : database).transaction(async (tx) => {
          const folds = this.#folds.foldedBy(this.#catalog.rulesVersion)
          const context = { site: site.code, origin, rules: this.#catalog, folds, hasArchives }
          const prepared = requests[0]?.prepared
          const isAsPrepared = prepared !== undefined && isPreparedFor(prepared, requested, this.#catalog)
          const committed = await commit(
            tx,
            context,
            requested,
            (id) => (began = id),
            isAsPrepared ? prepared : undefined,
          )
          if (isTrial) throw new TrialEnded(committed)
          return committed
        }),
      )
    }
    try {
      if (isTrial || !isForBulk(requested)) return await write(commitEvents)
      return await write(commitBulk).catch((error: unknown) => {
        if (isRefusedInBulk(error)) return write(commitEvents)
        throw error
      })
    } catch (error) {
      // The connection may have broken after the commit. The events are stored in that case and are read back.
      if (began !== undefined && !isTrial) this.#options.inDoubtTransactions?.add(began)
      throw error
    }
  }

  /** Rejects the events that cannot be accepted on their own content. */
  #judged(requests: readonly ValidatedRequest[]): readonly ValidatedRequest[] {
    const admitSource = this.#sources.admission()
    return requests.map((request) => ({
      ...request,
      items: request.items.map((item) => judged(item, admitSource, this.#catalog)),
    }))
  }

  /** The request with the events rejected that prevent the others from being stored. */
  async #withoutCulprits(request: ValidatedRequest, error: unknown): Promise<ValidatedRequest> {
    const fails = async (items: readonly ValidatedItem[]): Promise<boolean> => {
      try {
        await this.#write([{ ...request, items }], true)
      } catch (failure) {
        if (failure instanceof TrialEnded) return false
        if (!blamesEvents(failure)) throw failure
      }
      return true
    }
    const tried = request.items.filter((item) => item.ok)
    const culprits = new Set<ValidatedItem>(await findCulprits(tried, fails, performance.now() + searchMs))
    if (culprits.size === 0) throw error
    this.#options.failed(error)
    const items = request.items.map((item): ValidatedItem =>
      culprits.has(item) ? { ...item, ok: false, rejection: cannotBeStored } : item,
    )
    return { ...request, items }
  }
}

/** The item, rejected if the event cannot be accepted on its own content. */
function judged(item: ValidatedItem, admitSource: SourceAdmission, rules: AdmissionRules): ValidatedItem {
  if (!item.ok) return item
  const rejection = admitSource(item.event.source) ?? admit(item.event, rules)
  return rejection === undefined ? item : { ...item, ok: false, rejection }
}
