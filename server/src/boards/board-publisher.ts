import { randomBytes } from 'node:crypto'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { diffTrees } from '@stagewatch/shared/domain/board-delta.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'

/** Minimum interval between deltas of one board, which grows with the load of the server. */
export interface BoardCadence {
  readonly cadenceMs: number
  /** Set while it is longer than usual. */
  readonly reducedCadenceMs: number | undefined
}

const usualCadence: BoardCadence = { cadenceMs: 250, reducedCadenceMs: undefined }

/** A board as it is built, without the fields that its publisher adds. */
export type BoardContent = Omit<Board, 'board' | 'epoch' | 'version'>

/** A board and its audience, see `audienceKey`. */
export interface RoomName {
  readonly site: string
  readonly audience: string
  readonly board: string
}

/** Receives the changes of a board. */
export interface DeltaSink {
  /** Sends to everybody who sees the board as this audience. */
  delta(room: RoomName, delta: BoardDelta): void
}

export interface BoardPublisherOptions {
  readonly board: string
  /** @throws AppError `unknown_board` if the board no longer exists. */
  readonly build: (now: number) => BoardContent
  readonly clock: Clock
  readonly send: (delta: BoardDelta) => void
  /** Time of the data if it is not current, epoch ms. Undefined while it is current. */
  readonly dataAsOf?: (() => number | undefined) | undefined
  readonly cadence?: BoardCadence | undefined
  /**
   * Called when the board could not be built. It is rebuilt at every invalidation; only the first failure is reported.
   */
  readonly failed: (error: unknown) => void
}

/**
 * Computes a board once for all its viewers and sends them the changes. Versions count the deltas of one epoch. Each
 * start of the server has its own epoch, and versions of different epochs are not comparable.
 */
export class BoardPublisher {
  readonly board: string
  readonly #build: (now: number) => BoardContent
  readonly #clock: Clock
  readonly #send: (delta: BoardDelta) => void
  readonly #failed: (error: unknown) => void
  readonly #dataAsOf: () => number | undefined
  readonly #cadence: BoardCadence
  readonly #epoch = randomBytes(8).toString('hex')
  #current: Board | undefined
  /** Elapsed time, because the wall clock may be set back between two deltas. */
  #publishedAt = Number.NEGATIVE_INFINITY
  #cancelTimer: (() => void) | undefined
  #problem: AppError['code'] | undefined

  constructor(options: BoardPublisherOptions) {
    this.board = options.board
    this.#build = options.build
    this.#clock = options.clock
    this.#send = options.send
    this.#failed = options.failed
    this.#dataAsOf = options.dataAsOf ?? (() => undefined)
    this.#cadence = options.cadence ?? usualCadence
  }

  get epoch(): string {
    return this.#epoch
  }

  get version(): number {
    return this.#current?.version ?? 0
  }

  /** Why the last sent board may be wrong: the build has failed since. Undefined if it is correct. */
  get problem(): AppError['code'] | undefined {
    return this.#problem
  }

  /** Marks the board as changed: the next delta follows as soon as the cadence allows. */
  invalidate(): void {
    if (this.#cancelTimer !== undefined) return
    const waitMs = Math.max(0, this.#publishedAt + this.#cadence.cadenceMs - this.#clock.elapsed())
    this.#cancelTimer = this.#clock.after(waitMs, () => this.#tryToPublish())
  }

  /**
   * The whole board, at most one cadence old; later deltas continue from its version.
   * @throws AppError `unknown_board`
   */
  snapshot(): Board {
    const isFresh = this.#clock.elapsed() - this.#publishedAt < this.#cadence.cadenceMs && this.#problem === undefined
    return this.#current !== undefined && isFresh ? this.#current : this.#publish()
  }

  close(): void {
    this.#cancelTimer?.()
  }

  /** Timers publish without a caller, and an uncaught error would end the server. */
  #tryToPublish(): void {
    try {
      this.#publish()
    } catch (error) {
      const known = this.#problem
      this.#problem = error instanceof AppError ? error.code : 'internal'
      if (known !== 'internal' && this.#problem === 'internal') this.#failed(error)
    }
  }

  /** Publishes at once and cancels a pending publication. */
  #publish(): Board {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#publishedAt = this.#clock.elapsed()
    const before = this.#current
    const identity = { board: this.board, epoch: this.#epoch }
    const content = this.#content(before)
    this.#problem = undefined
    if (before === undefined) {
      this.#current = { ...content, ...identity, version: 1 }
      return this.#current
    }
    const stamped = { asOf: content.asOf, position: content.position }
    const changes = diffTrees(before, { ...content, ...identity, ...stampOf(before) })
    if (changes.length === 0) {
      this.#current = { ...before, ...stamped }
      return this.#current
    }
    this.#current = { ...content, ...identity, version: before.version + 1 }
    this.#send({ ...identity, ...stamped, from: before.version, to: this.#current.version, changes })
    return this.#current
  }

  /** Without current data, the numbers are frozen, because time alone cannot be applied to them. */
  #content(before: Board | undefined): BoardContent {
    const dataAsOf = this.#dataAsOf()
    if (dataAsOf === undefined) return this.#build(this.#clock.now())
    return { ...(before ?? this.#build(this.#clock.now())), dataAsOf }
  }
}

/** These fields are sent beside the changes, not among them. */
function stampOf({ version, asOf, position }: Board): Pick<Board, 'version' | 'asOf' | 'position'> {
  return { version, asOf, position }
}
