import { departmentOf } from './access/department-scope.ts'
import type { FoldedOrder } from './fold-state.ts'
import type { StageVisit } from './stage-visit.ts'

/** What of a visit its figures are made of, and the department that they count for; undefined: none. */
export type CorrectedVisit = Pick<StageVisit, 'stage' | 'nth' | 'enteredAt' | 'leftAt' | 'cancelled' | 'department'>

/** What corrections need of an order. */
type OrderWay = Pick<FoldedOrder, 'visits' | 'facts'>

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
  const [was, is] = [figuresOf(before), figuresOf(after)]
  const known = new Set(was.map(keyOf))
  const still = new Set(is.map(keyOf))
  const removed = was.filter((visit) => !still.has(keyOf(visit)))
  const added = is.filter((visit) => !known.has(keyOf(visit)))
  return removed.length + added.length === 0 ? undefined : { removed, added }
}

/** The cells of the stage x hour table that a correction has changed, those that came out even left out. */
export function movedCells({ removed, added }: Correction): MovedCell[] {
  const cells = new Map<string, MovedCell>()
  const count = ({ stage, enteredAt, leftAt, cancelled }: CorrectedVisit, sign: 1 | -1) => {
    if (leftAt === undefined || cancelled) return
    const hourAt = Math.floor(leftAt / hourMs) * hourMs
    const key = JSON.stringify([stage, hourAt])
    const { visits, dwellMs } = cells.get(key) ?? { visits: 0, dwellMs: 0 }
    cells.set(key, { stage, hourAt, visits: visits + sign, dwellMs: dwellMs + sign * (leftAt - enteredAt) })
  }
  for (const visit of removed) count(visit, -1)
  for (const visit of added) count(visit, 1)
  return [...cells.values()].filter(({ visits, dwellMs }) => visits !== 0 || dwellMs !== 0)
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

function keyOf({ stage, nth, enteredAt, leftAt, cancelled, department }: CorrectedVisit): string {
  return JSON.stringify([stage, nth, enteredAt, leftAt, cancelled, department])
}

function figuresOf(order: OrderWay | undefined): CorrectedVisit[] {
  const { visits, facts } = order ?? { visits: [], facts: {} }
  return visits.map((visit) => {
    const { stage, nth, enteredAt, leftAt, cancelled } = visit
    const department = departmentOf(facts, visit)
    return {
      stage,
      nth,
      enteredAt,
      ...(leftAt !== undefined && { leftAt }),
      ...(cancelled && { cancelled }),
      ...(department !== '' && { department }),
    }
  })
}
