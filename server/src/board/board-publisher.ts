import { randomBytes } from 'node:crypto'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { diffTrees } from '@stagewatch/shared/domain/board-delta.ts'
import type { Clock } from '../clock/clock.ts'

/** Deltas of one board are at least so far apart. */
const cadenceMs = 250

/** A board as it is built, without what its publisher adds. */
export type BoardContent = Omit<Board, 'board' | 'epoch' | 'version'>

/**
 * Computes a board once for all its viewers and tells them what changed. Versions count the deltas of one epoch;
 * another epoch is another start of the server, whose versions mean nothing to the first.
 */
export class BoardPublisher {
  readonly board: string
  readonly #build: (now: number) => BoardContent
  readonly #clock: Clock
  readonly #send: (delta: BoardDelta) => void
  readonly #epoch = randomBytes(8).toString('hex')
  #current: Board | undefined
  #publishedAt = Number.NEGATIVE_INFINITY
  #cancelTimer: (() => void) | undefined

  constructor(options: {
    readonly board: string
    readonly build: (now: number) => BoardContent
    readonly clock: Clock
    readonly send: (delta: BoardDelta) => void
  }) {
    this.board = options.board
    this.#build = options.build
    this.#clock = options.clock
    this.#send = options.send
  }

  get epoch(): string {
    return this.#epoch
  }

  get version(): number {
    return this.#current?.version ?? 0
  }

  /** Something may have changed: the next delta comes as soon as the cadence allows. */
  touch(): void {
    if (this.#cancelTimer !== undefined) return
    const at = Math.max(this.#clock.now(), this.#publishedAt + cadenceMs)
    this.#cancelTimer = this.#clock.at(at, () => this.#publish())
  }

  /** The whole board, at most one cadence old; later deltas lead on from its version. */
  snapshot(): Board {
    const now = this.#clock.now()
    if (this.#current === undefined || now - this.#publishedAt >= cadenceMs) return this.#publish()
    return this.#current
  }

  close(): void {
    this.#cancelTimer?.()
  }

  /** Nothing that was waiting to be published still is afterwards. */
  #publish(): Board {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    const now = this.#clock.now()
    this.#publishedAt = now
    const before = this.#current
    const identity = { board: this.board, epoch: this.#epoch }
    const content = this.#build(now)
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
}

/** These travel beside the changes and not among them. */
function stampOf({ version, asOf, position }: Board): Pick<Board, 'version' | 'asOf' | 'position'> {
  return { version, asOf, position }
}
