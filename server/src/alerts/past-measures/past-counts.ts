import { inHourAgoFrom } from '../measure-formulas.ts'
import type { OpenOrderNumbers, StageNumbers } from '../measure-formulas.ts'
import type { MeasuredPlace } from '../measure-values.ts'
import { ChangeList } from './look-times.ts'
import type { LookTimes } from './look-times.ts'
import type { PastSpan } from './past-spans.ts'
import type { MeasureHistory } from './raise-past-alerts.ts'

type PastNumbers = StageNumbers & OpenOrderNumbers

const changes = {
  looked: 0,
  entered: 1,
  enteredLimited: 2,
  breached: 3,
  left: 4,
  leftLimited: 5,
  leftOverdue: 6,
  enteredHourAgo: 7,
  leftHourAgo: 8,
  opened: 9,
  closed: 10,
} as const

/** How each kind of change changes the numbers. */
const effects: Readonly<Record<keyof typeof changes, Partial<PastNumbers>>> = {
  looked: {},
  entered: { wip: 1 },
  enteredLimited: { wip: 1, limited: 1 },
  breached: { overdue: 1 },
  left: { wip: -1 },
  leftLimited: { wip: -1, limited: -1 },
  leftOverdue: { wip: -1, limited: -1, overdue: -1 },
  enteredHourAgo: { wipHourAgo: 1 },
  leftHourAgo: { wipHourAgo: -1 },
  opened: { open: 1 },
  closed: { open: -1 },
}
const effectOf = Object.values(effects)

/** How long before a period visits can end and still count in it: the hour before, and the quarter hour of its mark. */
export const countsBeforeMs = 2 * 3_600_000

/** The numbers of open orders of a stage or of a process over a period. */
export class CountHistory implements MeasureHistory {
  readonly place: MeasuredPlace
  readonly changes: ChangeList
  firstLook = 0
  /** Start of the earliest stay, epoch ms. Undefined: there is none. */
  enteredFrom: number | undefined
  readonly #valueOf: (numbers: PastNumbers) => number | undefined
  readonly #comparesHourAgo: boolean
  readonly #numbers = { wip: 0, limited: 0, overdue: 0, wipHourAgo: 0, open: 0 }

  /** @param comparesHourAgo Whether the value depends on the orders an hour ago. */
  constructor(
    place: MeasuredPlace,
    looks: LookTimes,
    valueOf: (numbers: PastNumbers) => number | undefined,
    comparesHourAgo = false,
  ) {
    this.place = place
    this.changes = new ChangeList(looks)
    this.#valueOf = valueOf
    this.#comparesHourAgo = comparesHourAgo
  }

  /** The place is evaluated from this instant on. */
  beginAt(instant: number): void {
    this.firstLook = this.changes.looks.firstFrom(instant)
    this.changes.add(instant, changes.looked)
  }

  /** A stay of an order in the stage, or in a stage of the process. */
  addSpan({ from, to, isLimited, breachedAt = Infinity }: PastSpan): void {
    const isOverdue = breachedAt < to
    this.enteredFrom = Math.min(from, this.enteredFrom ?? Infinity)
    this.changes.add(from, isLimited ? changes.enteredLimited : changes.entered)
    if (isOverdue) this.changes.add(Math.max(from, breachedAt), changes.breached)
    this.changes.add(to, isOverdue ? changes.leftOverdue : isLimited ? changes.leftLimited : changes.left)
    if (!this.#comparesHourAgo) return
    this.changes.add(inHourAgoFrom(from), changes.enteredHourAgo)
    this.changes.add(inHourAgoFrom(to), changes.leftHourAgo)
  }

  /** An order of the process. @param to Infinity: it is open. */
  addOrder(from: number, to: number): void {
    this.changes.add(from, changes.opened)
    this.changes.add(to, changes.closed)
  }

  apply(kind: number): void {
    const { wip = 0, limited = 0, overdue = 0, wipHourAgo = 0, open = 0 } = effectOf[kind] ?? {}
    const numbers = this.#numbers
    numbers.wip += wip
    numbers.limited += limited
    numbers.overdue += overdue
    numbers.wipHourAgo += wipHourAgo
    numbers.open += open
  }

  valueAt(): number | undefined {
    return this.#valueOf(this.#numbers)
  }
}
