import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import { departmentOf } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { EndedVisitReader } from '../engine/ended-visit-reader.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { DwellClock } from '../engine/visit-columns.ts'
import { scanOrders } from '../query/scan-orders.ts'
import { OrderTrace } from './order-trace.ts'

/** Selects orders of one process, and the caller's scope. */
export interface TraceChoice extends Choice {
  /** Process code. */
  readonly of: string
  readonly status: 'completed' | 'open'
  readonly clock: DwellClock
}

/** @param leadMs undefined while the order is open. */
type TakeTrace = (trace: OrderTrace, order: EngineOrder, leadMs: number | undefined) => void

/** Orders count regardless of their visibility, but only with the visits in the caller's scope. */
const countingView = { privacy: openPrivacy, now: Infinity }

/**
 * Reads the paths of the selected orders in memory, in no particular order. Orders with visits from before the start of
 * memory are skipped, because their paths are incomplete.
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

/** From placed to signed; with a department scope, the time the order spent with these departments. */
function leadOf(trace: OrderTrace, leadMs: number | undefined, scope: DepartmentScope): number {
  return scope === undefined && leadMs !== undefined ? leadMs : Math.max(0, (trace.ownTo ?? Number.NaN) - trace.ownFrom)
}

/** The department numbers of a scope, as used by visits. */
function scopeOf({ ended }: LiveEngine, scope: DepartmentScope): ReadonlySet<number> | undefined {
  return scope && new Set(scope.flatMap((name) => ended.departments.find(name) ?? []))
}

/** Dwell times are not needed, because the order is still open. */
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
