import pLimit from 'p-limit'
import { AppError } from '../../platform/app-error.ts'
import { retryAfterS } from '../../platform/load/load-level.ts'

interface Waiting<Request, Answer> {
  readonly request: Request
  readonly weight: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

export interface CommitLimits {
  /** Maximum weight of one transaction. */
  readonly commitWeight: number
  /** Maximum waiting weight; requests beyond it are rejected. */
  readonly waitingWeight: number
  /** Maximum time to find out which requests make a commit fail; requests not tried by then are rejected. */
  readonly searchMs: number
}

export interface GroupCommitOptions<Request, Answer> {
  /**
   * Sends a commit while the preceding one may still be in flight, and calls `sent` when the next one may be submitted.
   * Resolves with undefined if nothing was stored and `commit` has to process the requests.
   */
  readonly commitAhead?: (requests: readonly Request[], sent: () => void) => Promise<readonly Answer[] | undefined>
  /** Returns one answer per request, in order; throws if nothing was stored. */
  readonly commit: (requests: readonly Request[]) => Promise<readonly Answer[]>
  readonly limits: CommitLimits
  /** Whether the error may be caused by the requests rather than by the database; only then is the batch split. */
  readonly blamesRequests: (error: unknown) => boolean
}

/**
 * Commits requests that arrive during an earlier commit together in one transaction. Commits are pipelined where
 * possible, and run one at a time otherwise. If a group commit fails because of its content, each half is retried,
 * recursively: one bad request among n fails alone after log n attempts, and the others are stored.
 */
export class GroupCommit<Request, Answer> {
  readonly #options: GroupCommitOptions<Request, Answer>
  readonly #queue: Waiting<Request, Answer>[] = []
  /**
   * Runs commits and exclusive work one at a time. At most one commit is queued here; it takes all requests that fit.
   */
  readonly #turns = pLimit(1)
  /** Resolves when all pipelined commits have been answered. */
  #landed: Promise<void> = Promise.resolve()
  #waitingWeight = 0

  constructor(options: GroupCommitOptions<Request, Answer>) {
    this.#options = options
  }

  /**
   * Resolves when the request is durable.
   * @throws AppError `overloaded`, in which case nothing was stored.
   */
  submit(request: Request, weight: number): Promise<Answer> {
    if (this.#waitingWeight > 0 && this.#waitingWeight + weight > this.#options.limits.waitingWeight) {
      const retry = { retryAfterS: retryAfterS(Math.random()) }
      return Promise.reject(new AppError('overloaded', 'too many events are waiting to be stored', retry))
    }
    this.#waitingWeight += weight
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, weight, resolve, reject })
      if (this.#queue.length === 1) this.#takeTurn()
    })
  }

  /** Total weight of the requests that are waiting or being committed. */
  get waitingWeight(): number {
    return this.#waitingWeight
  }

  /** Runs `work` while no commit is running; requests that arrive meanwhile are committed afterwards. */
  runExclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns(async () => {
      await this.#landed
      return work()
    })
  }

  /** Resolves when no requests are waiting. */
  async drain(): Promise<void> {
    do await this.#turns(() => this.#landed)
    while (this.#waitingWeight > 0)
  }

  #takeTurn(): void {
    void this.#turns(async () => {
      // By now all requests of the same event loop turn have been queued.
      const batch = this.#take()
      if (this.#queue.length > 0) this.#takeTurn()
      await this.#sendAhead(batch)
    })
  }

  /** Resolves when the next commit may be submitted. */
  async #sendAhead(batch: readonly Waiting<Request, Answer>[]): Promise<void> {
    const { commitAhead } = this.#options
    if (commitAhead === undefined) return this.#carryOutAlone(batch)
    const sent = Promise.withResolvers<boolean>()
    const requests = batch.map(({ request }) => request)
    const isStored = this.#settle(
      batch,
      commitAhead(requests, () => sent.resolve(true)),
    )
    this.#landed = this.#afterBoth(this.#landed, isStored)
    if (await Promise.race([sent.promise, isStored])) void this.#carryOutUnless(isStored, batch)
    else await this.#carryOutAlone(batch)
  }

  /**
   * Answers the requests of a pipelined commit.
   * @returns false if nothing was stored.
   */
  async #settle(
    batch: readonly Waiting<Request, Answer>[],
    answered: Promise<readonly Answer[] | undefined>,
  ): Promise<boolean> {
    const isStored = await answered.then(
      (answers) => {
        if (answers !== undefined) this.#answer(batch, answers)
        return answers !== undefined
      },
      (error: unknown) => {
        for (const { reject } of batch) reject(error)
        return true
      },
    )
    if (isStored) this.#release(batch)
    return isStored
  }

  async #afterBoth(landed: Promise<void>, isStored: Promise<boolean>): Promise<void> {
    await landed
    await isStored
  }

  async #carryOutUnless(isStored: Promise<boolean>, batch: readonly Waiting<Request, Answer>[]): Promise<void> {
    if (!(await isStored)) await this.#turns(() => this.#carryOutAlone(batch))
  }

  async #carryOutAlone(batch: readonly Waiting<Request, Answer>[]): Promise<void> {
    await this.#landed
    await this.#carryOut(batch)
    this.#release(batch)
  }

  #release(batch: readonly Waiting<Request, Answer>[]): void {
    for (const { weight } of batch) this.#waitingWeight -= weight
  }

  #answer(batch: readonly Waiting<Request, Answer>[], answers: readonly Answer[]): void {
    batch.forEach(({ resolve, reject }, i) => {
      const answer = answers[i]
      if (answer === undefined) reject(new Error('a commit returned no result for one of its requests'))
      else resolve(answer)
    })
  }

  #take(): Waiting<Request, Answer>[] {
    let weight = 0
    let count = 0
    for (const waiting of this.#queue) {
      weight += waiting.weight
      if (count > 0 && weight > this.#options.limits.commitWeight) break
      count += 1
    }
    return this.#queue.splice(0, count)
  }

  /** @param until deadline of the search for bad requests, as a `performance.now` value; undefined before it starts. */
  async #carryOut(batch: readonly Waiting<Request, Answer>[], until?: number): Promise<void> {
    if (until !== undefined && performance.now() > until) {
      const retry = { retryAfterS: retryAfterS(Math.random()) }
      const error = new AppError('overloaded', 'another request keeps failing: send this one again', retry)
      for (const { reject } of batch) reject(error)
      return
    }
    const { commit, limits, blamesRequests } = this.#options
    try {
      this.#answer(batch, await commit(batch.map(({ request }) => request)))
    } catch (error) {
      if (batch.length === 1 || !blamesRequests(error)) {
        for (const { reject } of batch) reject(error)
        return
      }
      const middle = batch.length >>> 1
      const searchUntil = until ?? performance.now() + limits.searchMs
      await this.#carryOut(batch.slice(0, middle), searchUntil)
      await this.#carryOut(batch.slice(middle), searchUntil)
    }
  }
}
