/** Looks whose changes are sorted at once: an hour of the usual interval. */
const looksPerPart = 360
/** Kinds of changes are numbers below this. */
const kindCount = 16

/** The instants at which live evaluation would have looked at the measures of a period, numbered from 0. */
export class LookTimes {
  readonly since: number
  readonly stepMs: number
  /** Number of the last look. */
  readonly last: number

  /** Epoch ms; the first look is at `since`, the last one not after `until`. */
  constructor(since: number, until: number, stepMs: number) {
    this.since = since
    this.stepMs = stepMs
    this.last = Math.floor((until - since) / stepMs)
  }

  at(look: number): number {
    return this.since + look * this.stepMs
  }

  /** The first look that sees what happened at an instant; 0 for everything before the period. */
  firstFrom(instant: number): number {
    return Math.max(0, Math.ceil((instant - this.since) / this.stepMs))
  }
}

/**
 * What changes a measure in the course of a period, by the first look that sees it: a number per change, in one list per
 * hour, so that sorting one never blocks.
 */
export class ChangeList {
  readonly looks: LookTimes
  readonly #parts: (number[] | undefined)[] = []

  constructor(looks: LookTimes) {
    this.looks = looks
  }

  /** @param instant Epoch ms; changes after the period are ignored. @param kind Below 16. */
  add(instant: number, kind: number): void {
    const look = this.looks.firstFrom(instant)
    if (look <= this.looks.last) this.addAt(look, kind)
  }

  /** At a look of the period. */
  addAt(look: number, kind: number): void {
    const part = Math.floor(look / looksPerPart)
    const changes = (this.#parts[part] ??= [])
    changes.push(look * kindCount + kind)
  }

  /** The changes, ascending by look. `undefined` comes at the end of each hour, where the reader may pause. */
  *inOrder(): Generator<{ readonly look: number; readonly kinds: readonly number[] } | undefined> {
    for (const part of this.#parts) {
      if (part === undefined) continue
      let look = -1
      let kinds: number[] = []
      for (const change of Uint32Array.from(part).toSorted()) {
        const next = Math.floor(change / kindCount)
        if (next !== look && kinds.length > 0) {
          yield { look, kinds }
          kinds = []
        }
        look = next
        kinds.push(change % kindCount)
      }
      if (kinds.length > 0) yield { look, kinds }
      yield undefined
    }
  }
}
