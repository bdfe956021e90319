import { randomBytes } from 'node:crypto'
import type { LiveSnapshot, LiveTree } from '@stagewatch/shared/contract/live-query.ts'
import type { BoardDelta, BoardHeartbeat } from '@stagewatch/shared/contract/socket.ts'
import { protocolVersion } from '@stagewatch/shared/contract/socket.ts'
import { diffTrees } from '@stagewatch/shared/domain/board-delta.ts'
import type { BoardCadence } from '../boards/board-publisher.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'

/** Minimum interval between answers. A slow answer extends it to four times its duration, up to a maximum. */
const minIntervalMs = 1_000
const restRatio = 4
const maxRestMs = 5_000
/** Time alone changes the ages of orders. */
const maxIntervalMs = 20_000

export interface LiveQueryOptions {
  /** The complete current answer. @throws AppError if there is no answer any more. */
  readonly answer: () => Promise<LiveTree>
  /**
   * State on which the answer depends besides time, if it is cheap to determine: while it is unchanged, an invalidation
   * does not repeat the query. Undefined: unknown.
   */
  readonly signature?: (() => string) | undefined
  readonly clock: Clock
  readonly send: (delta: BoardDelta) => void
  /** See `Board`. */
  readonly dataAsOf: () => number | undefined
  /** An overloaded server answers as seldom as it sends boards. */
  readonly cadence?: BoardCadence | undefined
  /** Reports errors of background work. */
  readonly failed: (error: unknown) => void
}

/** A query with subscribers. It is repeated whenever its answer may have changed, once for all subscribers. */
export class LiveQuery {
  /** Unique among all boards. */
  readonly board = `query:${randomBytes(12).toString('hex')}`
  readonly #options: LiveQueryOptions
  readonly #epoch = randomBytes(8).toString('hex')
  #tree: LiveTree | undefined
  #version = 0
  #signature: string | undefined
  /** Elapsed time. */
  #answeredAt = Number.NEGATIVE_INFINITY
  #tookMs = 0
  #answering: Promise<void> | undefined
  #cancelTimer: (() => void) | undefined
  #isClosed = false
  #problem: AppError['code'] | undefined

  constructor(options: LiveQueryOptions) {
    this.#options = options
  }

  /** Why the last sent answer may be wrong. Undefined if it is correct. */
  get problem(): AppError['code'] | undefined {
    return this.#problem
  }

  /** Resolves when there is an answer. @throws AppError if there is none. */
  async ready(): Promise<void> {
    if (this.#tree !== undefined && this.#problem === undefined) return
    await (this.#answering ?? this.#answer())
    if (this.#problem !== undefined) throw new AppError(this.#problem, 'the query cannot be answered')
  }

  /** The last sent answer; requires `ready`. Later deltas continue from its version. */
  snapshot(): LiveSnapshot {
    return { board: this.board, epoch: this.#epoch, version: this.#version, tree: this.#tree }
  }

  heartbeat(now: number): Omit<BoardHeartbeat, 'build'> {
    const dataAsOf = this.#options.dataAsOf()
    const reducedMs = this.#options.cadence?.reducedCadenceMs
    return {
      protocol: protocolVersion,
      board: this.board,
      epoch: this.#epoch,
      version: this.#version,
      at: now,
      sources: {},
      ...(dataAsOf !== undefined && { dataAsOf }),
      ...(reducedMs !== undefined && { reducedMs }),
    }
  }

  /** Must be called when data of the site has changed. */
  invalidate(): void {
    const { signature, clock, cadence } = this.#options
    if (this.#isClosed || this.#cancelTimer !== undefined) return
    if (signature !== undefined && this.#problem === undefined && signature() === this.#signature) return
    const leastMs = Math.max(minIntervalMs, cadence?.cadenceMs ?? 0)
    const restMs = Math.min(Math.max(leastMs, restRatio * this.#tookMs), maxRestMs)
    this.#answerAfter(Math.max(0, this.#answeredAt + restMs - clock.elapsed()))
  }

  /** Must be called every few seconds, because time alone may have changed the answer. */
  refresh(): void {
    if (this.#isClosed || this.#cancelTimer !== undefined) return
    if (this.#options.clock.elapsed() - this.#answeredAt >= maxIntervalMs) this.#answerAfter(0)
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTimer?.()
  }

  #answerAfter(waitMs: number): void {
    this.#cancelTimer = this.#options.clock.after(waitMs, () => {
      this.#cancelTimer = undefined
      // An answer in progress may have been read before the change.
      const again = this.#answering === undefined ? this.#answer() : this.#answering.then(() => this.#answer())
      void again.catch(this.#options.failed)
    })
  }

  /** Concurrent callers share the answer. */
  #answer(): Promise<void> {
    this.#answering ??= this.#ask().finally(() => (this.#answering = undefined))
    return this.#answering
  }

  async #ask(): Promise<void> {
    const { answer, signature, clock, dataAsOf, failed } = this.#options
    // Without current data, the answer is frozen.
    if (this.#tree !== undefined && dataAsOf() !== undefined) return
    this.#answeredAt = clock.elapsed()
    const current = signature?.()
    try {
      const tree = await answer()
      this.#problem = undefined
      this.#signature = current
      this.#publish(tree)
    } catch (error) {
      const known = this.#problem
      this.#problem = error instanceof AppError ? error.code : 'internal'
      if (known !== 'internal' && this.#problem === 'internal') failed(error)
    } finally {
      this.#tookMs = clock.elapsed() - this.#answeredAt
    }
  }

  #publish(tree: LiveTree): void {
    const before = this.#tree
    this.#tree = tree
    if (before === undefined) {
      this.#version = 1
      return
    }
    const { asOf, position } = tree
    const changes = diffTrees({ ...before, asOf, position }, tree)
    if (changes.length === 0 || this.#isClosed) return
    this.#version += 1
    const [from, to] = [this.#version - 1, this.#version]
    this.#options.send({ board: this.board, epoch: this.#epoch, from, to, asOf, position, changes })
  }
}
