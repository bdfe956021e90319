import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import { departmentOf } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/privacy.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { EndedVisitReader } from '../engine/ended-visit-reader.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { DwellClock } from '../engine/visit-columns.ts'
import { scanOrders } from '../query/scan-orders.ts'
import { OrderTrace } from './order-trace.ts'

/** Which orders of one process, and with whose eyes. */
export interface TraceChoice extends Choice {
  /** Code of the process. */
  readonly of: string
  readonly status: 'completed' | 'open'
  readonly clock: DwellClock
}

/** @param leadMs undefined while the order is under way. */
type TakeTrace = (trace: OrderTrace, order: EngineOrder, leadMs: number | undefined) => void

/** Orders are counted whoever may see them; of their visits only those of a scope are. */
const countingView = { privacy: openPrivacy, now: Infinity }

/**
 * Reads the ways of the orders in memory that are asked for, in no order. Those that have visits from before memory begins
 * are passed over: their ways are not known here.
 */
export function* readTraces(engine: LiveEngine, choice: TraceChoice, take: TakeTrace): Generator<void> {
  const { of, status, department, clock, from, to, ...rest } = choice
  const trace = new OrderTrace()
  const reader = new EndedVisitReader(engine.ended, clock)
  const scope = scopeOf(engine, department)
  const period = status === 'completed' ? { from, to } : {}
  const orders = { ...rest, ...period, process: [of], department: undefined, status }
  yield* scanOrders(engine, orders, countingView, ({ counted }) => {
    const { state, ended, completion } = counted
    trace.clear()
    if (state === undefined) {
      for (const place of ended) {
        if (!reader.read(place)) return
        const { stage, enteredAt, leftAt, dwellMs, isCancelled } = reader
        trace.add(stage, scope?.has(reader.department) ?? true, enteredAt, leftAt, isCancelled ? Number.NaN : dwellMs)
      }
    } else {
      traceOpen(engine, of, state, department, trace)
    }
    if (trace.ownCount === 0) return
    take(trace, counted, status === 'open' ? undefined : leadOf(trace, completion?.leadMs, department))
  })
}

/** From placed to signed; of some departments, as long as the order was theirs. */
function leadOf(trace: OrderTrace, leadMs: number | undefined, scope: DepartmentScope): number {
  return scope === undefined && leadMs !== undefined ? leadMs : Math.max(0, (trace.ownTo ?? Number.NaN) - trace.ownFrom)
}

/** The departments of a scope by the numbers that visits know them by. */
function scopeOf({ ended }: LiveEngine, scope: DepartmentScope): ReadonlySet<number> | undefined {
  return scope && new Set(scope.flatMap((name) => ended.departments.find(name) ?? []))
}

/** How long the visits took is of no interest: they are not over. */
function traceOpen(
  engine: LiveEngine,
  process: string,
  { visits, attributes }: FoldedOrder,
  scope: DepartmentScope,
  trace: OrderTrace,
): void {
  for (const visit of visits) {
    const isOwn = scope?.includes(departmentOf(attributes, visit)) ?? true
    const { index } = engine.aggregatesOf(process, visit.stage)
    trace.add(index, isOwn, visit.enteredAt, visit.leftAt ?? Number.NaN, Number.NaN)
  }
}
