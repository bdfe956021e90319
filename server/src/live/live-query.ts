import { randomBytes } from 'node:crypto'
import type { LiveSnapshot, LiveTree } from '@stagewatch/shared/contract/live-query.ts'
import type { BoardDelta, BoardHeartbeat } from '@stagewatch/shared/contract/socket.ts'
import { protocolVersion } from '@stagewatch/shared/contract/socket.ts'
import { diffTrees } from '@stagewatch/shared/domain/board-delta.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'

/** Answers are so far apart, and further where one takes long: four times that, but not for ever. */
const minIntervalMs = 1_000
const restRatio = 4
const maxRestMs = 5_000
/** Time alone makes orders older. */
const maxIntervalMs = 20_000

export interface LiveQueryOptions {
  /** The whole answer as it is now. @throws AppError when there is none any more. */
  readonly answer: () => Promise<LiveTree>
  /**
   * What the answer depends on besides time, where that is cheap to know: while it is the same, nothing has to be asked
   * because something else has changed. Undefined: it is not known.
   */
  readonly signature?: (() => string) | undefined
  readonly clock: Clock
  readonly send: (delta: BoardDelta) => void
  /** See `Board`. */
  readonly dataAsOf: () => number | undefined
  /** Something went wrong that nobody waits for. */
  readonly failed: (error: unknown) => void
}

/** A question that somebody looks at: it is answered again whenever the answer may have changed, once for all. */
export class LiveQuery {
  /** Names it among all boards. */
  readonly board = `query:${randomBytes(12).toString('hex')}`
  readonly #options: LiveQueryOptions
  readonly #epoch = randomBytes(8).toString('hex')
  #tree: LiveTree | undefined
  #version = 0
  #signature: string | undefined
  /** By elapsed time. */
  #answeredAt = Number.NEGATIVE_INFINITY
  #tookMs = 0
  #answering: Promise<void> | undefined
  #cancelTimer: (() => void) | undefined
  #isClosed = false
  #problem: AppError['code'] | undefined

  constructor(options: LiveQueryOptions) {
    this.#options = options
  }

  /** Why what was sent last may be wrong. Undefined: it is right. */
  get problem(): AppError['code'] | undefined {
    return this.#problem
  }

  /** Resolves when there is an answer. @throws AppError when there is none. */
  async ready(): Promise<void> {
    if (this.#tree !== undefined && this.#problem === undefined) return
    await (this.#answering ?? this.#answer())
    if (this.#problem !== undefined) throw new AppError(this.#problem, 'the question cannot be answered')
  }

  /** What was sent last; there is an answer, see `ready`. Later deltas lead on from its version. */
  snapshot(): LiveSnapshot {
    return { board: this.board, epoch: this.#epoch, version: this.#version, tree: this.#tree }
  }

  heartbeat(now: number): Omit<BoardHeartbeat, 'build'> {
    const dataAsOf = this.#options.dataAsOf()
    return {
      protocol: protocolVersion,
      board: this.board,
      epoch: this.#epoch,
      version: this.#version,
      at: now,
      sources: {},
      ...(dataAsOf !== undefined && { dataAsOf }),
    }
  }

  /** Something of the site has changed. */
  invalidate(): void {
    const { signature, clock } = this.#options
    if (this.#isClosed || this.#cancelTimer !== undefined) return
    if (signature !== undefined && this.#problem === undefined && signature() === this.#signature) return
    const restMs = Math.min(Math.max(minIntervalMs, restRatio * this.#tookMs), maxRestMs)
    this.#answerAfter(Math.max(0, this.#answeredAt + restMs - clock.elapsed()))
  }

  /** To be called every few seconds: time alone may have changed something. */
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
      // An answer that is under way may have been read before what has changed.
      const again = this.#answering === undefined ? this.#answer() : this.#answering.then(() => this.#answer())
      void again.catch(this.#options.failed)
    })
  }

  /** Who ask while it is being answered share the answer. */
  #answer(): Promise<void> {
    this.#answering ??= this.#ask().finally(() => (this.#answering = undefined))
    return this.#answering
  }

  async #ask(): Promise<void> {
    const { answer, signature, clock, dataAsOf, failed } = this.#options
    // Numbers that cannot be brought up to date stand still.
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
