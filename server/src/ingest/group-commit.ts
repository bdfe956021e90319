import { AppError } from '../app-error.ts'

interface Waiting<Request, Answer> {
  readonly request: Request
  readonly weight: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Carries out requests that arrive while an earlier commit runs together in one transaction, one commit at a time.
 * When a common commit fails, each request is tried alone, so that one bad request fails only itself.
 */
export class GroupCommit<Request, Answer> {
  readonly #commit: (requests: readonly Request[]) => Promise<readonly Answer[]>
  readonly #limits: { readonly commitWeight: number; readonly waitingWeight: number }
  readonly #queue: Waiting<Request, Answer>[] = []
  readonly #alone: (() => Promise<void>)[] = []
  #waitingWeight = 0
  #running: Promise<void> | undefined

  /**
   * @param commit gives one answer for each request, in order.
   * @param limits how much one transaction takes at most, and how much may wait before requests are turned away.
   */
  constructor(
    commit: (requests: readonly Request[]) => Promise<readonly Answer[]>,
    limits: { readonly commitWeight: number; readonly waitingWeight: number },
  ) {
    this.#commit = commit
    this.#limits = limits
  }

  /**
   * Resolves when the request is durable.
   * @throws AppError `overloaded`, and then nothing of it was stored.
   */
  submit(request: Request, weight: number): Promise<Answer> {
    if (this.#waitingWeight > 0 && this.#waitingWeight + weight > this.#limits.waitingWeight) {
      return Promise.reject(new AppError('overloaded', 'too much is waiting to be stored', { retryAfterS: 1 }))
    }
    this.#waitingWeight += weight
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, weight, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Of the requests that wait or are being committed. */
  get waitingWeight(): number {
    return this.#waitingWeight
  }

  /** Runs `work` while nothing is being committed; what arrives meanwhile is committed afterwards. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#alone.push(() => work().then(resolve, reject))
      this.#running ??= this.#run()
    })
  }

  /** Resolves when nothing is waiting any more. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async #run(): Promise<void> {
    // Everything that arrives in the same turn of the event loop belongs to the first commit.
    await Promise.resolve()
    while (this.#queue.length > 0 || this.#alone.length > 0) {
      for (const work of this.#alone.splice(0)) await work()
      const batch = this.#take()
      if (batch.length === 0) continue
      await this.#carryOut(batch)
      for (const { weight } of batch) this.#waitingWeight -= weight
    }
    this.#running = undefined
  }

  #take(): Waiting<Request, Answer>[] {
    let weight = 0
    let count = 0
    for (const waiting of this.#queue) {
      weight += waiting.weight
      if (count > 0 && weight > this.#limits.commitWeight) break
      count += 1
    }
    return this.#queue.splice(0, count)
  }

  async #carryOut(batch: readonly Waiting<Request, Answer>[]): Promise<void> {
    try {
      const answers = await this.#commit(batch.map(({ request }) => request))
      batch.forEach(({ resolve, reject }, i) => {
        const answer = answers[i]
        if (answer === undefined) reject(new Error('a commit gave no answer to one of its requests'))
        else resolve(answer)
      })
    } catch (error) {
      const [only] = batch
      if (batch.length === 1) only?.reject(error)
      else for (const waiting of batch) await this.#carryOut([waiting])
    }
  }
}
