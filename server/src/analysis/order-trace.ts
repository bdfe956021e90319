/**
 * The way of one order through the stages of its process, one step for each visit in the order of entering. It is filled
 * anew for each order: an object for each of millions of steps would take longer than everything else.
 */
export class OrderTrace {
  length = 0
  /** Numbers of stages. */
  readonly stage: number[] = []
  /** Whether whoever asks may see the visit. */
  readonly isOwn: boolean[] = []
  /** Epoch ms; `leftAt` is NaN while the order is there. */
  readonly enteredAt: number[] = []
  readonly leftAt: number[] = []
  /** NaN: the visit counts in no duration. */
  readonly dwellMs: number[] = []
  /** How many of the steps are their own. */
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

  /** When it first came to a stage that they may see, epoch ms. */
  get ownFrom(): number {
    return this.enteredAt[this.isOwn.indexOf(true)] ?? Number.NaN
  }

  /** When it left the last one of them; undefined: it is there. */
  get ownTo(): number | undefined {
    let last = this.length - 1
    while (last > 0 && this.isOwn[last] !== true) last -= 1
    const leftAt = this.leftAt[last] ?? Number.NaN
    return Number.isNaN(leftAt) ? undefined : leftAt
  }
}
