import type { Database } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { planAhead, sendAhead } from './commit-ahead.ts'
import type { AheadCommit, CommitNumber } from './commit-ahead.ts'
import type { CommitContext, Committed, ValidatedRequest } from './commit-events.ts'

interface AheadOptions {
  readonly database: Database
  readonly context: CommitContext & { readonly rules: { readonly rulesVersion: number } }
  /** Whether the order has been seen. */
  readonly isKnown: (order: string) => boolean
  /** Called for a transaction that may have been committed but whose outcome was never reported. */
  readonly inDoubt: (tx: string) => void
}

/**
 * Pipelines commits to the database. Each commit assumes that the commits before it succeed and that the database is in
 * the state this server instance left it in, which is almost always the case.
 */
export class AheadWriter {
  readonly #options: AheadOptions
  readonly #caution = new Caution()
  /** Number of the last commit sent. */
  #number = 0
  #failures = 0
  /** Numbers of the commits that are still unanswered. */
  readonly #onTheWay = new Set<number>()

  constructor(options: AheadOptions) {
    this.#options = options
  }

  /**
   * @param sent called as soon as the next commit may be submitted.
   * @returns undefined if nothing was stored and `commitEvents` has to process the requests.
   * @throws DatabaseUnavailableError
   */
  async write(judged: readonly ValidatedRequest[], sent: () => void): Promise<Committed | undefined> {
    if (!this.#caution.mayTry()) return undefined
    const { rules, folds } = this.#options.context
    const { rulesVersion } = rules
    const failures = this.#failures
    const context = { rules, folds: folds.foldedBy(rulesVersion) }
    const planned = await planAhead(context, rulesVersion, judged, this.#options.isKnown)
    if (planned === undefined || rules.rulesVersion !== rulesVersion || this.#failures !== failures) return undefined
    // The next commit builds on these folds, and fails if this commit fails.
    folds.keep(planned.changes)
    const after = this.#onTheWay.has(this.#number) ? this.#number : undefined
    this.#number += 1
    return this.#send(planned, { number: this.#number, after }, sent)
  }

  async #send(planned: AheadCommit, place: CommitNumber, sent: () => void): Promise<Committed | undefined> {
    const { database, context, inDoubt } = this.#options
    let began: string | undefined
    this.#onTheWay.add(place.number)
    try {
      const committed = await database.transaction(
        (tx) => sendAhead(tx, context, planned, place, (id) => (began = id)),
        { sent },
      )
      this.#caution.succeeded()
      return committed
    } catch (error) {
      this.#failures += 1
      for (const { order } of planned.changes) context.folds.delete(order)
      this.#caution.failed()
      if (!(error instanceof DatabaseUnavailableError)) return undefined
      if (began !== undefined) inDoubt(began)
      throw error
    } finally {
      this.#onTheWay.delete(place.number)
    }
  }
}

const longestCaution = 64

/** Backoff: while commits keep failing because of concurrent writers, most of them are not sent ahead. */
class Caution {
  #left = 0
  #next = 1

  mayTry(): boolean {
    if (this.#left === 0) return true
    this.#left -= 1
    return false
  }

  failed(): void {
    this.#left = this.#next
    this.#next = Math.min(longestCaution, this.#next * 2)
  }

  succeeded(): void {
    this.#next = 1
  }
}
