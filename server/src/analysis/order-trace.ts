/**
 * The path of one order through the stages of its process, one step per visit in the order of entry. The object is
 * reused for each order, because allocating an object for each of millions of steps would take longer than everything
 * else.
 */
export class OrderTrace {
  length = 0
  /** Stage numbers. */
  readonly stage: number[] = []
  /** Whether the caller may see the visit. */
  readonly isOwn: boolean[] = []
  /** Epoch ms. `leftAt` is NaN while the visit is open. */
  readonly enteredAt: number[] = []
  readonly leftAt: number[] = []
  /** NaN if the visit does not count towards durations. */
  readonly dwellMs: number[] = []
  /** Number of steps that the caller may see. */
  ownCount = 0

  clear(): void {
    this.length = 0
    this.ownCount = 0
  }

  add(stage: number, isOwn: boolean, enteredAt: number, leftAt: number, dwellMs: number): void {
    const place = this.length++
    this.stage[place] = stage
    this.isOwn[place] = isOwn
    this.enteredAt[place] = enteredAt
    this.leftAt[place] = leftAt
    this.dwellMs[place] = dwellMs
    if (isOwn) this.ownCount += 1
  }

  /** When the order first entered a stage that the caller may see, epoch ms. */
  get ownFrom(): number {
    return this.enteredAt[this.isOwn.indexOf(true)] ?? Number.NaN
  }

  /** When it left the last one of them. Undefined if it is still there. */
  get ownTo(): number | undefined {
    let last = this.length - 1
    while (last > 0 && this.isOwn[last] !== true) last -= 1
    const leftAt = this.leftAt[last] ?? Number.NaN
    return Number.isNaN(leftAt) ? undefined : leftAt
  }
}
