import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'

/** Ten seconds at the usual cadence; a screen that is further behind gets a snapshot. */
const cachedDeltas = 40

/** The last deltas of one board, so that a slow screen catches up with one message. */
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
   * A single delta from the given version to the newest one. If the log no longer reaches back that far, it is the
   * newest delta, which does not fit, so that the screen requests a snapshot. Undefined if the version is the newest,
   * or belongs to another epoch: the log cannot tell which epoch is older, and a delta of an older one would make the
   * screen request the same snapshot repeatedly. In that case, the next heartbeat shows the screen whether it is
   * behind.
   */
  since({ epoch, version }: { readonly epoch: string; readonly version: number }): BoardDelta | undefined {
    const { newest } = this
    if (newest === undefined || newest.epoch !== epoch || newest.to === version) return undefined
    const first = this.#deltas.findIndex(({ from }) => from === version)
    if (first === -1) return newest
    return { ...newest, from: version, changes: this.#deltas.slice(first).flatMap(({ changes }) => changes) }
  }
}
