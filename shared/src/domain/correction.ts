import { departmentOf } from './access/department-scope.ts'
import type { FoldedOrder } from './fold-state.ts'
import type { StageVisit } from './stage-visit.ts'

/** The parts of a visit on which its figures depend, and the department that they count for; undefined: none. */
export type CorrectedVisit = Pick<StageVisit, 'stage' | 'nth' | 'enteredAt' | 'leftAt' | 'cancelled' | 'department'>

/** The parts of an order that corrections need. */
type OrderWay = Pick<FoldedOrder, 'visits' | 'attributes'>

/** How a late, voided or corrected event changed the visits of an order. */
export interface Correction {
  /** Visits that were counted before and no longer are, or are now counted differently. */
  readonly removed: readonly CorrectedVisit[]
  readonly added: readonly CorrectedVisit[]
}

/** A cell of the stage × hour table that a correction has changed. */
export interface CorrectedCell {
  readonly stage: string
  /** Start of the hour in which the visits ended, epoch ms. */
  readonly hourAt: number
  /** Change of the number of finished visits. */
  readonly visits: number
  /** Change of the sum of their dwell, elapsed ms. */
  readonly dwellMs: number
}

/** A span of time in which the number of orders in the stage differed from the number shown before. */
export interface CorrectedSpan {
  readonly stage: string
  /** Epoch ms. */
  readonly from: number
  /** Undefined: until now. */
  readonly to?: number
  readonly open: number
}

const hourMs = 3_600_000

/** The difference between two states of the same order. Undefined: there is none. */
export function correctionOf(before: OrderWay | undefined, after: OrderWay | undefined): Correction | undefined {
  const { was, is } = changedPart(before ?? noWay, after ?? noWay)
  const removed = without(was, is)
  const added = without(is, was)
  return removed.length + added.length === 0 ? undefined : { removed, added }
}

const noWay: OrderWay = { visits: [], attributes: {} }

/** The visits of both without their common prefix and suffix, which make up nearly all of a long order. */
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

/** Compares visits except for their departments. */
function countAlike(a: StageVisit, b: StageVisit): boolean {
  return (
    a.stage === b.stage &&
    a.nth > 1 === b.nth > 1 &&
    a.enteredAt === b.enteredAt &&
    a.leftAt === b.leftAt &&
    a.cancelled === b.cancelled
  )
}

/** The visits that remain of the first list after each of the others has removed one that counts the same. */
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
 * The cells of the stage × hour table that a correction has changed, omitting those with no net change.
 * @param hourStart Returns the start of the hour, by the clocks of the site, that contains an instant.
 */
export function correctedCells({ removed, added }: Correction, hourStart = utcHour): CorrectedCell[] {
  const cells = new Map<string, CorrectedCell>()
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

/** The spans in which a stage had more or fewer open orders than shown before. */
export function correctedSpans({ removed, added }: Correction): CorrectedSpan[] {
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

function spansOf(stage: string, changes: ReadonlyMap<number, number>): CorrectedSpan[] {
  const spans: CorrectedSpan[] = []
  const instants = [...changes.keys()].toSorted((a, b) => a - b)
  let open = 0
  for (const [i, from] of instants.entries()) {
    open += changes.get(from) ?? 0
    const to = instants[i + 1]
    if (open !== 0 && to !== undefined) spans.push({ stage, from, open, ...(to !== Infinity && { to }) })
  }
  return spans
}

/** Key of everything that figures depend on: of `nth`, they use only whether it is 1. */
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
