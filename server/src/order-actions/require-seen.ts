import type { Database } from '@stagewatch/db/database.ts'
import { isInScope, orderInScope, orderForDepartments } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import { AppError } from '../platform/app-error.ts'
import { loadOrders } from '../projection/load-orders.ts'
import type { ActContext } from './desk-events.ts'

/**
 * An order that the caller sees.
 * @throws AppError `not_found`, also for an order of other departments.
 */
export async function requireSeen(
  caller: Caller,
  number: string,
  { pipeline, database }: Pick<ActContext, 'pipeline' | 'database'>,
): Promise<EngineOrder> {
  const order = normalIdentifier(number)
  const known = order === undefined ? undefined : pipeline.engine.order(order)
  const { departments } = audienceOf(caller, pipeline.privacy.now)
  const current = pipeline.engine.open.get(known?.openSlot)
  const visit = current && orderForDepartments(current.state, departments).visits.at(-1)
  const isSeen =
    known !== undefined &&
    (isInScope(departments, known.head.attributes, visit) ||
      (current === undefined && (await wasSeen(database, caller.site, known.head.order, departments))))
  if (!isSeen) throw new AppError('not_found', 'there is no such order', { field: 'order' })
  return known
}

/** Whether an order that is in no stage now was in one of the departments before. */
async function wasSeen(
  database: Database,
  site: string,
  order: string,
  departments: DepartmentScope,
): Promise<boolean> {
  const [stored] = await loadOrders(database, site, [order])
  return stored?.state !== undefined && orderInScope(stored.state, departments) !== undefined
}
