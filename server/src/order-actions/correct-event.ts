import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events } from '@stagewatch/db/schema.ts'
import type { OrderActionAnswer, OrderCorrectionRequest } from '@stagewatch/shared/contract/order-action.ts'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import { deskSource } from '@stagewatch/shared/domain/order-event.ts'
import { and, eq, sql } from 'drizzle-orm'
import { requireAction } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import { appendDeskEvents, asSent } from './desk-events.ts'
import type { ActContext, DeskEvent } from './desk-events.ts'

/**
 * Retracts an event of an order, and appends another one in its place. The original stays in the log, with the author
 * of the correction and the reason. The replacement is appended first: if it is refused, nothing changes.
 * @throws AppError `forbidden` for callers limited to some departments, and for events of other sources without the
 * permission to retract these; `not_found`; `conflict` when it was retracted already; any error of the new event.
 */
export async function correctEvent(
  caller: Caller,
  number: string,
  { id, event: wrong, reason, instead }: OrderCorrectionRequest,
  context: ActContext,
): Promise<OrderActionAnswer> {
  if (caller.departments !== undefined) {
    throw new AppError(
      'forbidden',
      'a correction may move figures of other departments: it needs a role for all of them',
    )
  }
  if (wrong.source !== deskSource) requireAction(caller, 'events.void')
  const order = normalIdentifier(number) ?? number
  const stored = await loadEvent(context, caller.site, order, wrong)
  const said = { actor: context.personName, personId: caller.id }
  const replacement: DeskEvent | undefined = instead && {
    source: deskSource,
    id: `${id}-instead`,
    type: stored.type,
    order,
    occurredAt: new Date(instead.occurredAt).toISOString(),
    ...(stored.actor !== null && { actor: stored.actor }),
    ...(instead.stage !== undefined && { stage: instead.stage }),
    data: {
      ...asSent(stored.data),
      correctedBy: said.actor,
      ...(said.personId !== undefined && { personId: said.personId }),
    },
  }
  const withdrawal: DeskEvent = {
    source: deskSource,
    id,
    type: 'event.voided',
    order,
    occurredAt: new Date(context.clock.now()).toISOString(),
    actor: said.actor,
    data: {
      source: wrong.source,
      id: wrong.id,
      reason,
      ...(said.personId !== undefined && { personId: said.personId }),
    },
  }
  let position = ''
  for (const appended of [replacement, withdrawal]) {
    if (appended === undefined) continue
    const [[refusal], shown] = await appendDeskEvents(caller, [appended], context)
    if (refusal !== undefined) throw new AppError(refusal.code, refusal.message)
    position = shown
  }
  return { position }
}

async function loadEvent(
  { database }: ActContext,
  site: string,
  order: string,
  { source, id }: OrderCorrectionRequest['event'],
) {
  const ofOrder = and(eq(events.site, site), eq(events.orderId, order))
  const [stored] = await drizzleOn(database)
    .select({ type: events.type, actor: events.actor, data: events.data })
    .from(events)
    .where(and(ofOrder, eq(events.source, source), eq(events.id, id)))
  if (stored === undefined || stored.type === 'event.voided') {
    throw new AppError('not_found', 'the order has no such event, or it cannot be corrected', { field: 'event' })
  }
  const [withdrawn] = await drizzleOn(database)
    .select({ id: events.id })
    .from(events)
    .where(
      and(
        ofOrder,
        eq(events.type, 'event.voided'),
        sql`${events.data} ->> 'source' = ${source}`,
        sql`${events.data} ->> 'id' = ${id}`,
      ),
    )
    .limit(1)
  if (withdrawn !== undefined)
    throw new AppError('conflict', 'the event has already been retracted', { field: 'event' })
  return stored
}
