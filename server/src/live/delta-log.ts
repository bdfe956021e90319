import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'

/** Ten seconds of the usual cadence: a screen that is further behind is better off with a snapshot. */
const cachedDeltas = 40

/** The last deltas of one board, so that a screen that was slow catches up with one message. */
export class DeltaLog {
  readonly #deltas: BoardDelta[] = []

  get newest(): BoardDelta | undefined {
    return this.#deltas.at(-1)
  }

  add(delta: BoardDelta): void {
    if (this.newest?.epoch !== delta.epoch) this.#deltas.length = 0
    this.#deltas.push(delta)
    if (this.#deltas.length > cachedDeltas) this.#deltas.shift()
  }

  /**
   * What leads from the version to the newest one in one step. When that is no longer known it is the newest delta by
   * itself: it does not fit, and the screen asks for a snapshot. Undefined: the version is the newest, or of another
   * epoch. Which of the two epochs is the older one is not known here, and a delta of an older one would make the screen
   * ask for the same snapshot again and again; the next heartbeat tells the screen whether it is behind.
   */
  since({ epoch, version }: { readonly epoch: string; readonly version: number }): BoardDelta | undefined {
    const { newest } = this
    if (newest === undefined || newest.epoch !== epoch || newest.to === version) return undefined
    const first = this.#deltas.findIndex(({ from }) => from === version)
    if (first === -1) return newest
    return { ...newest, from: version, changes: this.#deltas.slice(first).flatMap(({ changes }) => changes) }
  }
}
