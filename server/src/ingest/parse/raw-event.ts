import { fixedTimeText } from '@stagewatch/shared/domain/fixed-time.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { instantFields } from './read-data.ts'

/** An event in the format of `POST /api/v1/events`; instants are RFC 3339 in UTC. */
export interface RawEvent extends Omit<OrderEvent, 'occurredAt'> {
  readonly occurredAt: string
}

/** The inverse of `parseEvent`: parsing the result gives an equal event, so it has the same content hash. */
export function rawEvent({ source, id, type, order, stage, occurredAt, actor, sequence, data }: OrderEvent): RawEvent {
  const instants = instantFields[type].flatMap((field) => {
    const at = data[field]
    return typeof at === 'number' ? [[field, fixedTimeText(at)] as const] : []
  })
  return {
    source,
    id,
    type,
    order,
    ...(stage !== undefined && { stage }),
    occurredAt: fixedTimeText(occurredAt),
    ...(actor !== undefined && { actor }),
    ...(sequence !== undefined && { sequence }),
    data: instants.length === 0 ? data : { ...data, ...Object.fromEntries(instants) },
  }
}
