import { departmentOf } from './access/department-scope.ts'
import type { FoldedOrder } from './fold-state.ts'
import type { StageVisit } from './stage-visit.ts'

/** What of a visit its figures are made of, and the department that they count for; undefined: none. */
export type CorrectedVisit = Pick<StageVisit, 'stage' | 'nth' | 'enteredAt' | 'leftAt' | 'cancelled' | 'department'>

/** What corrections need of an order. */
type OrderWay = Pick<FoldedOrder, 'visits' | 'attributes'>

/** How a late, taken back or corrected event changed the way of an order. */
export interface Correction {
  /** Visits that were counted before and are not, or are counted otherwise now. */
  readonly removed: readonly CorrectedVisit[]
  readonly added: readonly CorrectedVisit[]
}

/** A cell of the stage x hour table that a correction has changed. */
export interface MovedCell {
  readonly stage: string
  /** Beginning of the hour in which the visits were left, epoch ms. */
  readonly hourAt: number
  /** By how much the number of finished visits changed. */
  readonly visits: number
  /** By how much the sum of their dwell changed, elapsed ms. */
  readonly dwellMs: number
}

/** A span of time in which another number of orders was in the stage than had been believed. */
export interface MovedSpan {
  readonly stage: string
  /** Epoch ms. */
  readonly from: number
  /** Undefined: until now. */
  readonly to?: number
  readonly open: number
}

const hourMs = 3_600_000

/** What differs between two ways of the same order; undefined: nothing. */
export function correctionOf(before: OrderWay | undefined, after: OrderWay | undefined): Correction | undefined {
  const { was, is } = changedPart(before ?? noWay, after ?? noWay)
  const removed = without(was, is)
  const added = without(is, was)
  return removed.length + added.length === 0 ? undefined : { removed, added }
}

const noWay: OrderWay = { visits: [], attributes: {} }

/** Figures of both without what they begin and end with alike: of a long order nearly everything. */
function changedPart(before: OrderWay, after: OrderWay): { was: CorrectedVisit[]; is: CorrectedVisit[] } {
  const [was, is] = [before.visits, after.visits]
  const isAlike = (a: StageVisit | undefined, b: StageVisit | undefined): boolean =>
    a !== undefined &&
    b !== undefined &&
    countAlike(a, b) &&
    departmentOf(before.attributes, a) === departmentOf(after.attributes, b)
  const most = Math.min(was.length, is.length)
  let first = 0
  while (first < most && isAlike(was[first], is[first])) first += 1
  let last = 0
  while (last < most - first && isAlike(was[was.length - 1 - last], is[is.length - 1 - last])) last += 1
  return {
    was: was.slice(first, was.length - last).map((visit) => figuresOf(before, visit)),
    is: is.slice(first, is.length - last).map((visit) => figuresOf(after, visit)),
  }
}

/** Apart from their departments. */
function countAlike(a: StageVisit, b: StageVisit): boolean {
  return (
    a.stage === b.stage &&
    a.nth > 1 === b.nth > 1 &&
    a.enteredAt === b.enteredAt &&
    a.leftAt === b.leftAt &&
    a.cancelled === b.cancelled
  )
}

/** What is left of the first when each of the others takes one that counts alike away. */
function without(visits: readonly CorrectedVisit[], others: readonly CorrectedVisit[]): CorrectedVisit[] {
  const counts = new Map<string, number>()
  for (const visit of others) counts.set(keyOf(visit), (counts.get(keyOf(visit)) ?? 0) + 1)
  return visits.filter((visit) => {
    const left = counts.get(keyOf(visit)) ?? 0
    counts.set(keyOf(visit), left - 1)
    return left <= 0
  })
}

/**
 * The cells of the stage x hour table that a correction has changed, those that came out even left out.
 * @param hourStart when an hour began by the clocks of the site.
 */
export function movedCells({ removed, added }: Correction, hourStart = utcHour): MovedCell[] {
  const cells = new Map<string, MovedCell>()
  const count = ({ stage, enteredAt, leftAt, cancelled }: CorrectedVisit, sign: 1 | -1) => {
    if (leftAt === undefined || cancelled) return
    const hourAt = hourStart(leftAt)
    const key = JSON.stringify([stage, hourAt])
    const { visits, dwellMs } = cells.get(key) ?? { visits: 0, dwellMs: 0 }
    cells.set(key, { stage, hourAt, visits: visits + sign, dwellMs: dwellMs + sign * (leftAt - enteredAt) })
  }
  for (const visit of removed) count(visit, -1)
  for (const visit of added) count(visit, 1)
  return [...cells.values()].filter(({ visits, dwellMs }) => visits !== 0 || dwellMs !== 0)
}

function utcHour(at: number): number {
  return Math.floor(at / hourMs) * hourMs
}

/** When how many more, or fewer, orders were in a stage than had been believed. */
export function movedSpans({ removed, added }: Correction): MovedSpan[] {
  const changes = new Map<string, Map<number, number>>()
  const count = ({ stage, enteredAt, leftAt = Infinity }: CorrectedVisit, sign: 1 | -1) => {
    const ofStage = changes.get(stage) ?? new Map<number, number>()
    changes.set(stage, ofStage)
    ofStage.set(enteredAt, (ofStage.get(enteredAt) ?? 0) + sign)
    ofStage.set(leftAt, (ofStage.get(leftAt) ?? 0) - sign)
  }
  for (const visit of removed) count(visit, -1)
  for (const visit of added) count(visit, 1)
  return [...changes].flatMap(([stage, ofStage]) => spansOf(stage, ofStage))
}

function spansOf(stage: string, changes: ReadonlyMap<number, number>): MovedSpan[] {
  const spans: MovedSpan[] = []
  const instants = [...changes.keys()].toSorted((a, b) => a - b)
  let open = 0
  for (const [i, from] of instants.entries()) {
    open += changes.get(from) ?? 0
    const to = instants[i + 1]
    if (open !== 0 && to !== undefined) spans.push({ stage, from, open, ...(to !== Infinity && { to }) })
  }
  return spans
}

/** By what figures depend on: of which repetition a visit is they ask no more than whether it is the first. */
function keyOf({ stage, nth, enteredAt, leftAt, cancelled, department }: CorrectedVisit): string {
  return `${stage}\n${nth > 1}\n${enteredAt}\n${leftAt}\n${cancelled}\n${department}`
}

function figuresOf({ attributes }: OrderWay, visit: StageVisit): CorrectedVisit {
  const { stage, nth, enteredAt, leftAt, cancelled } = visit
  const department = departmentOf(attributes, visit)
  return {
    stage,
    nth,
    enteredAt,
    ...(leftAt !== undefined && { leftAt }),
    ...(cancelled && { cancelled }),
    ...(department !== '' && { department }),
  }
}
