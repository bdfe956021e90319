import { randomBytes } from 'node:crypto'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { diffTrees } from '@stagewatch/shared/domain/board-delta.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'

/** Deltas of one board are at least so far apart. */
const cadenceMs = 250

/** A board as it is built, without what its publisher adds. */
export type BoardContent = Omit<Board, 'board' | 'epoch' | 'version'>

/** Which board, and as whom it is shown: see `audienceKey`. */
export interface RoomName {
  readonly site: string
  readonly audience: string
  readonly board: string
}

/** Where what changes on a board goes. */
export interface DeltaSink {
  /** To all who are shown the board as this audience. */
  delta(room: RoomName, delta: BoardDelta): void
}

export interface BoardPublisherOptions {
  readonly board: string
  /** @throws AppError `unknown_board` when there is no such board any more. */
  readonly build: (now: number) => BoardContent
  readonly clock: Clock
  readonly send: (delta: BoardDelta) => void
  /** Since when there is nothing newer to show, epoch ms; undefined: there is. */
  readonly dataAsOf?: (() => number | undefined) | undefined
  /** The board could not be built. It is tried again whenever it is touched; only the first failure is reported. */
  readonly failed: (error: unknown) => void
}

/**
 * Computes a board once for all its viewers and tells them what changed. Versions count the deltas of one epoch;
 * another epoch is another start of the server, whose versions mean nothing to the first.
 */
export class BoardPublisher {
  readonly board: string
  readonly #build: (now: number) => BoardContent
  readonly #clock: Clock
  readonly #send: (delta: BoardDelta) => void
  readonly #failed: (error: unknown) => void
  readonly #dataAsOf: () => number | undefined
  readonly #epoch = randomBytes(8).toString('hex')
  #current: Board | undefined
  /** By elapsed time: the wall clock may be set back between two deltas. */
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
  }

  get epoch(): string {
    return this.#epoch
  }

  get version(): number {
    return this.#current?.version ?? 0
  }

  /** Why what was sent last may be wrong: the board could not be built since. Undefined: it is right. */
  get problem(): AppError['code'] | undefined {
    return this.#problem
  }

  /** Something may have changed: the next delta comes as soon as the cadence allows. */
  invalidate(): void {
    if (this.#cancelTimer !== undefined) return
    const waitMs = Math.max(0, this.#publishedAt + cadenceMs - this.#clock.elapsed())
    this.#cancelTimer = this.#clock.after(waitMs, () => this.#tryToPublish())
  }

  /**
   * The whole board, at most one cadence old; later deltas lead on from its version.
   * @throws AppError `unknown_board`
   */
  snapshot(): Board {
    const isFresh = this.#clock.elapsed() - this.#publishedAt < cadenceMs && this.#problem === undefined
    return this.#current !== undefined && isFresh ? this.#current : this.#publish()
  }

  close(): void {
    this.#cancelTimer?.()
  }

  /** Nobody waits for what a timer publishes, and whatever it throws would end the process. */
  #tryToPublish(): void {
    try {
      this.#publish()
    } catch (error) {
      const known = this.#problem
      this.#problem = error instanceof AppError ? error.code : 'internal'
      if (known !== 'internal' && this.#problem === 'internal') this.#failed(error)
    }
  }

  /** Nothing that was waiting to be published still is afterwards. */
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

  /** Numbers that cannot be brought up to date stand still, as nobody knows what time alone would make of them. */
  #content(before: Board | undefined): BoardContent {
    const dataAsOf = this.#dataAsOf()
    if (dataAsOf === undefined) return this.#build(this.#clock.now())
    return { ...(before ?? this.#build(this.#clock.now())), dataAsOf }
  }
}

/** These travel beside the changes and not among them. */
function stampOf({ version, asOf, position }: Board): Pick<Board, 'version' | 'asOf' | 'position'> {
  return { version, asOf, position }
}
