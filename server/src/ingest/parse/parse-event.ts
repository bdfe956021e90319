import { eventLimits, futureToleranceMs, holdEndWords, isHoldEnd } from '@stagewatch/shared/contract/event-limits.ts'
import { eventTypes, isStageEvent, mayNameActivity } from '@stagewatch/shared/domain/order-event.ts'
import type { EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { readData } from './read-data.ts'
import { isAbsent, isRecord, readIdentifier, readInstant, readOptionalIdentifier, readSequence } from './read-field.ts'
import { Validation } from './validation.ts'
import type { Rejection } from './validation.ts'

export type ParsedEvent =
  | { readonly ok: true; readonly event: OrderEvent }
  | { readonly ok: false; readonly rejection: Rejection }

const knownTypes: ReadonlySet<unknown> = new Set(eventTypes)
const knownFields: ReadonlySet<string> = new Set([
  'source',
  'id',
  'type',
  'order',
  'stage',
  'occurredAt',
  'actor',
  'sequence',
  'data',
])

/**
 * Parses an event as sent by a source into an `OrderEvent`, or describes the problem. `shared/contract/event.ts` is the
 * equivalent schema; this parser is written by hand because it runs for thousands of events per request.
 */
export function parseEvent(raw: unknown, now: number): ParsedEvent {
  if (!isRecord(raw)) return { ok: false, rejection: { code: 'invalid_field', message: 'an event must be an object' } }
  const verdict = new Validation()
  refuseUnknownFields(verdict, raw)
  const source = readIdentifier(verdict, 'source', raw['source'], eventLimits.source)
  const id = readIdentifier(verdict, 'id', raw['id'], eventLimits.id)
  const type = readType(verdict, raw['type'])
  const order = readIdentifier(verdict, 'order', raw['order'], eventLimits.order)
  const stage = readStage(verdict, type, raw['stage'])
  const occurredAt = readOccurredAt(verdict, raw['occurredAt'], now)
  const actor = readOptionalIdentifier(verdict, 'actor', raw['actor'], eventLimits.actor)
  const sequence = readSequence(verdict, 'sequence', raw['sequence'])
  const data = readData(verdict, type, raw['data'])
  if (type === 'order.held' && !isHoldEnd(data['until'], occurredAt))
    verdict.reject('invalid_field', 'data.until', holdEndWords)
  if (verdict.rejection !== undefined) return { ok: false, rejection: verdict.rejection }
  const event = {
    source,
    id,
    type,
    order,
    occurredAt,
    data,
    ...(stage !== undefined && { stage }),
    ...(actor !== undefined && { actor }),
    ...(sequence !== undefined && { sequence }),
  }
  return { ok: true, event }
}

function refuseUnknownFields(verdict: Validation, raw: Readonly<Record<string, unknown>>): void {
  for (const field of Object.keys(raw))
    if (!knownFields.has(field)) verdict.reject('invalid_field', field, 'is not a field of an event')
}

function readType(verdict: Validation, value: unknown): EventType {
  if (isEventType(value)) return value
  if (isAbsent(value)) verdict.reject('missing_field', 'type', 'is required')
  else verdict.reject('invalid_field', 'type', `must be one of ${eventTypes.join(', ')}`)
  return 'note.added'
}

function isEventType(value: unknown): value is EventType {
  return knownTypes.has(value)
}

function readStage(verdict: Validation, type: EventType, value: unknown): string | undefined {
  if (isStageEvent(type)) return readIdentifier(verdict, 'stage', value, eventLimits.stage)
  if (isAbsent(value)) return undefined
  if (mayNameActivity(type)) return readIdentifier(verdict, 'stage', value, eventLimits.stage)
  verdict.reject('invalid_field', 'stage', 'belongs to stage events, assignments, acknowledgements and notes only')
  return undefined
}

function readOccurredAt(verdict: Validation, value: unknown, now: number): number {
  if (isAbsent(value)) verdict.reject('missing_field', 'occurredAt', 'is required')
  const occurredAt = readInstant(verdict, 'occurredAt', value)
  if (occurredAt > now + futureToleranceMs)
    verdict.reject('occurred_in_future', 'occurredAt', 'is more than 24 hours ahead of the clock of this server')
  return occurredAt
}
