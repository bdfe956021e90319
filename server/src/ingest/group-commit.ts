import pLimit from 'p-limit'
import { AppError } from '../platform/app-error.ts'

interface Waiting<Request, Answer> {
  readonly request: Request
  readonly weight: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

export interface CommitLimits {
  /** How much one transaction takes at most. */
  readonly commitWeight: number
  /** How much may wait before requests are turned away. */
  readonly waitingWeight: number
  /** How long it may take to find out which requests make a commit fail; those not tried by then are turned away. */
  readonly searchMs: number
}

export interface GroupCommitOptions<Request, Answer> {
  /**
   * Sends a commit, while the one before may still be on the way, and calls `sent` when the next one may be handed in.
   * Undefined: nothing was stored, and `commit` has to do it.
   */
  readonly commitAhead?: (requests: readonly Request[], sent: () => void) => Promise<readonly Answer[] | undefined>
  /** Gives one answer for each request, in order; it throws when nothing of them was stored. */
  readonly commit: (requests: readonly Request[]) => Promise<readonly Answer[]>
  readonly limits: CommitLimits
  /** Whether the failure says something about what was handed in, and not about the database: only then others are tried. */
  readonly blamesRequests: (error: unknown) => boolean
}

/**
 * Carries out requests that arrive while an earlier commit runs together in one transaction. Commits are sent one behind
 * the other where that is possible, and are carried out one at a time where not.
 * When a common commit fails because of what is in it, its halves are tried, and so on: one bad request among n fails
 * alone after log n tries, and the others are stored.
 */
export class GroupCommit<Request, Answer> {
  readonly #options: GroupCommitOptions<Request, Answer>
  readonly #queue: Waiting<Request, Answer>[] = []
  /** Commits and what runs between them, one at a time. At most one commit waits here; the next one takes all that fits. */
  readonly #turns = pLimit(1)
  /** Resolves when all commits that were sent ahead are answered. */
  #landed: Promise<void> = Promise.resolve()
  #waitingWeight = 0

  constructor(options: GroupCommitOptions<Request, Answer>) {
    this.#options = options
  }

  /**
   * Resolves when the request is durable.
   * @throws AppError `overloaded`, and then nothing of it was stored.
   */
  submit(request: Request, weight: number): Promise<Answer> {
    if (this.#waitingWeight > 0 && this.#waitingWeight + weight > this.#options.limits.waitingWeight) {
      return Promise.reject(new AppError('overloaded', 'too much is waiting to be stored', { retryAfterS: 1 }))
    }
    this.#waitingWeight += weight
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, weight, resolve, reject })
      if (this.#queue.length === 1) this.#takeTurn()
    })
  }

  /** Of the requests that wait or are being committed. */
  get waitingWeight(): number {
    return this.#waitingWeight
  }

  /** Runs `work` while nothing is being committed; what arrives meanwhile is committed afterwards. */
  runExclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns(async () => {
      await this.#landed
      return work()
    })
  }

  /** Resolves when nothing is waiting any more. */
  async drain(): Promise<void> {
    do await this.#turns(() => this.#landed)
    while (this.#waitingWeight > 0)
  }

  #takeTurn(): void {
    void this.#turns(async () => {
      // By now everything that arrived in the same turn of the event loop is there.
      const batch = this.#take()
      if (this.#queue.length > 0) this.#takeTurn()
      await this.#sendAhead(batch)
    })
  }

  /** Resolves when the next commit may be handed in. */
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

  /** Answers a commit that was sent ahead. @returns false: nothing of it was stored. */
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
      if (answer === undefined) reject(new Error('a commit gave no answer to one of its requests'))
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

  /** @param until when the search for bad requests ends, by `performance.now`; undefined: it has not begun. */
  async #carryOut(batch: readonly Waiting<Request, Answer>[], until?: number): Promise<void> {
    if (until !== undefined && performance.now() > until) {
      const error = new AppError('overloaded', 'another request keeps failing: send this one again', { retryAfterS: 1 })
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
