import type { Database } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { AppError } from '../platform/app-error.ts'
import type { InDoubtTransactions } from '../log/log-follower.ts'
import type { Site } from '../platform/site.ts'
import type { SiteCatalog } from '../rules/site-catalog.ts'
import { FoldCache } from '../projection/fold-cache.ts'
import { retryStale } from './retry-stale.ts'
import { AheadWriter } from './ahead-writer.ts'
import { admit } from './admit-events.ts'
import type { AdmissionRules } from './admit-events.ts'
import { commitBulk, isRefusedInBulk } from './commit-bulk.ts'
import { commitEvents } from './commit-events.ts'
import type { Committed, ValidatedRequest } from './commit-events.ts'
import type { ValidatedItem } from './batch-results.ts'
import { isForBulk, isPreparedFor, prepareBulk } from './prepared-bulk.ts'
import type { PreparedBulk, PreparedRequest } from './prepared-bulk.ts'
import { findCulprits } from './find-culprits.ts'
import type { Rejection } from './parse/validation.ts'
import type { SourceAdmission, SourceRegistry } from './source-registry.ts'
import { TrialRules } from './trial-rules.ts'

/** How long it may take to find out what keeps a commit from being stored. */
export const searchMs = 10_000

/** An order takes some 500 bytes, a visit some 150. */
const cachedFolds = { orders: 100_000, visits: 1_000_000 }
/** Events of a commit whose statements may take longer than usual. */
const largeCommit = 2_000

/** Of no import, and like one: its events count again where an undone import had brought them before. */
const triedImport = 0

/** What was tried has gone well, and is rolled back. */
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
  message: 'the server failed on this event; the others are stored',
}

/** Whether a failure says something about the events, and not about the database or about who else writes. */
export function blamesEvents(error: unknown): boolean {
  return !(error instanceof AppError || error instanceof DatabaseUnavailableError)
}

interface WriterOptions {
  readonly database: Database
  readonly site: Site
  /** Names this server instance in the log. */
  readonly origin: string
  /** Is told of transactions of this instance whose commit was never answered. */
  readonly inDoubtTransactions?: InDoubtTransactions | undefined
  /** Something went wrong that nobody waits for. */
  readonly failed: (error: unknown) => void
  /** Whether the order has been seen. */
  readonly isKnown: (order: string) => boolean
}

/** Writes events of one site into the log and the tables, again and again until what it knows is what the database has. */
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
    const { database, site, origin, isKnown, inDoubtTransactions } = options
    this.#ahead = new AheadWriter({
      database,
      context: { site: site.code, origin, rules: catalog, folds: this.#folds },
      isKnown,
      inDoubt: (tx) => inDoubtTransactions?.add(tx),
    })
  }

  /**
   * One transaction for all requests: either everything of it is durable, or nothing. Of a single request the events are
   * refused that keep the others from being stored.
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

  /** See `prepareBulk`. What fails here fails again in the commit, which finds out why. */
  prepare(request: ValidatedRequest): Promise<PreparedBulk | undefined> {
    const { origin, site } = this.#options
    return prepareBulk(request, { site: site.code, origin, rules: this.#catalog }).catch(() => undefined)
  }

  /**
   * The same as `write` without waiting for the commit before, of events that are all new as far as this server instance knows.
   * @param sent is called when the next one may be handed in.
   * @returns undefined when nothing was stored and `write` has to do it.
   */
  async writeAhead(requests: readonly ValidatedRequest[], sent: () => void): Promise<Committed | undefined> {
    if (requests.some(({ importId }) => importId !== undefined)) return undefined
    return this.#ahead.write(this.#judged(requests), sent)
  }

  /** How full what it remembers is, by name. */
  get usage() {
    return this.#folds.usage
  }

  /** What is remembered may be behind the database. */
  retryStale<T>(work: () => Promise<T>): Promise<T> {
    return retryStale(work, this.#folds, this.#catalog)
  }

  /**
   * What would become of events if the site had `process` as well; nothing of it stays. Other commits go on meanwhile.
   * @throws AppError, DatabaseUnavailableError
   */
  async try(request: ValidatedRequest, process: ProcessDefinition | undefined): Promise<Committed> {
    const { database, origin, site } = this.#options
    const rules = new TrialRules(this.#catalog, process)
    const trial = {
      reload: () => this.#catalog.reload(),
      learnStages: (stages: ReadonlyMap<string, ReadonlySet<string>>) => Promise.resolve(rules.learn(stages)),
    }
    // Of its own, because by these rules orders may fold otherwise.
    const folds = new FoldCache({ orders: 0, visits: 0 })
    const write = async (): Promise<Committed> => {
      const admitSource = this.#sources.admission()
      const items = request.items.map((item) => {
        const tried = judged(item, admitSource, rules)
        return tried.ok ? { ...tried, importId: triedImport } : tried
      })
      try {
        return await database.longRunning.transaction(async (tx) => {
          const context = { site: site.code, origin, rules, folds }
          throw new TrialEnded(await commitEvents(tx, context, [{ ...request, items }], () => {}))
        })
      } catch (error) {
        if (error instanceof TrialEnded) return error.committed
        throw error
      }
    }
    return retryStale(write, folds, trial)
  }

  /** @param isTrial nothing of it stays. */
  async #write(requests: readonly PreparedRequest[], isTrial = false): Promise<Committed> {
    const { database, origin, site } = this.#options
    const requested = this.#judged(requests)
    const count = requested.reduce((sum, { items }) => sum + items.length, 0)
    let began: string | undefined
    const write = (commit: typeof commitBulk) => {
      began = undefined
      return this.retryStale(() =>
        (count > largeCommit ? database.longRunning : database).transaction(async (tx) => {
          const folds = this.#folds.foldedBy(this.#catalog.rulesVersion)
          const context = { site: site.code, origin, rules: this.#catalog, folds }
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
      // The answer to the commit may be what was lost: then its events are there, and are read back.
      if (began !== undefined && !isTrial) this.#options.inDoubtTransactions?.add(began)
      throw error
    }
  }

  /** With those events refused that cannot be taken by what they say themselves. */
  #judged(requests: readonly ValidatedRequest[]): readonly ValidatedRequest[] {
    const admitSource = this.#sources.admission()
    return requests.map((request) => ({
      ...request,
      items: request.items.map((item) => judged(item, admitSource, this.#catalog)),
    }))
  }

  /** The request with the events refused that keep the others from being stored. */
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

/** An event, unless it cannot be taken by what it says itself. */
function judged(item: ValidatedItem, admitSource: SourceAdmission, rules: AdmissionRules): ValidatedItem {
  if (!item.ok) return item
  const rejection = admitSource(item.event.source) ?? admit(item.event, rules)
  return rejection === undefined ? item : { ...item, ok: false, rejection }
}
