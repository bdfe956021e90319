import { orderForDepartments } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { visitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { spansOf } from '../engine/open-visits.ts'
import type { OpenVisit } from '../engine/open-visits.ts'

/**
 * The open visit that represents an order for a caller with a department scope: among parallel visits, one of the
 * caller's departments.
 * @param departments undefined: all.
 * @param now undefined: the visit is evaluated at the last event of its order.
 */
export function representativeVisit(
  engine: LiveEngine,
  open: OpenVisit | undefined,
  departments: DepartmentScope,
  now: number | undefined,
): OpenVisit | undefined {
  if (open?.state.underWay === undefined) return open
  const state = orderForDepartments(open.state, departments)
  const visit = state.visits.at(-1)
  if (state === open.state || visit === undefined) return open
  const { process } = open.aggregates
  const sla = engine.rules.slaOf(process, visit, state.attributes)
  const aggregates = engine.aggregatesOf(process, visit.stage)
  const at = now ?? state.lastEventAt
  const status = visitStatus(visit, state, sla, at)
  return { state, visit, aggregates, sla, status, spans: spansOf(state, visit, sla, at) }
}

/** Every open order with the visit that represents it for the caller's departments. */
export function* representativeVisits(
  engine: LiveEngine,
  departments: DepartmentScope,
  now: number | undefined,
): Generator<OpenVisit> {
  for (const open of engine.open) yield representativeVisit(engine, open, departments, now) ?? open
}
