import { eventLimits } from '@stagewatch/shared/contract/event.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { finished } from '@stagewatch/shared/domain/finished.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { parseCloudEvent } from './parse-cloud-event.ts'
import { parseEvent } from './parse-event.ts'
import type { ParsedEvent } from './parse-event.ts'
import { isRecord } from './read-field.ts'
import type { Rejection } from './validation.ts'

/** One event of a request; `index` is its place there, `raw` what came. */
export type ParsedItem =
  | { readonly index: number; readonly ok: true; readonly event: OrderEvent; readonly raw: unknown }
  | { readonly index: number; readonly ok: false; readonly rejection: Rejection; readonly raw: unknown }

export type ParsedEvents =
  | { readonly ok: true; readonly items: readonly ParsedItem[] }
  | { readonly ok: false; readonly problem: { readonly code: ProblemCode; readonly message: string } }

/** Some hundred µs. */
const eventsPerStep = 50

type ParseOne = (raw: unknown, now: number) => ParsedEvent

/**
 * Reads the events of a request whose JSON has been parsed. A request that is no list of events is refused as a
 * whole; a bad event is refused alone.
 */
export function parseEvents(contentType: string, body: unknown, now: number): ParsedEvents {
  return finished(parseSteps(contentType, body, now))
}

/** The same in steps, between which everything else may have its turn. */
export function* parseSteps(contentType: string, body: unknown, now: number): Generator<void, ParsedEvents> {
  switch (mediaType(contentType)) {
    case 'application/json':
      return yield* parseList(eventList(body), parseEvent, now)
    case 'application/cloudevents+json':
      return yield* parseList(isRecord(body) ? [body] : undefined, parseCloudEvent, now)
    case 'application/cloudevents-batch+json':
      // A batch of none is a batch by its specification.
      if (Array.isArray(body) && body.length === 0) return { ok: true, items: [] }
      return yield* parseList(Array.isArray(body) ? body : undefined, parseCloudEvent, now)
    default:
      return refused(
        'unsupported_media_type',
        'send application/json, application/cloudevents+json or application/cloudevents-batch+json',
      )
  }
}

function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()
}

/** One event, an array of them, or an object with nothing but `events`; undefined: none of these. */
function eventList(body: unknown): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body
  if (!isRecord(body)) return undefined
  if (!Object.hasOwn(body, 'events')) return [body]
  const { events } = body
  return Array.isArray(events) && Object.keys(body).length === 1 ? events : undefined
}

function* parseList(
  list: readonly unknown[] | undefined,
  parseOne: ParseOne,
  now: number,
): Generator<void, ParsedEvents> {
  if (list === undefined || list.length === 0) return refused('bad_request', 'the body holds no list of events')
  if (list.length > eventLimits.eventsPerRequest)
    return refused('too_many_events', `a request may hold ${eventLimits.eventsPerRequest} events`)
  const items: ParsedItem[] = []
  for (const [index, raw] of list.entries()) {
    items.push(parsedItem(raw, index, parseOne(raw, now)))
    if (index % eventsPerStep === eventsPerStep - 1) yield
  }
  return { ok: true, items }
}

/** Reads one event as it was sent, when it is not known any more as what. */
export function parseStored(raw: unknown, index: number, now: number): ParsedItem {
  const isCloudEvent = isRecord(raw) && Object.hasOwn(raw, 'specversion')
  return parsedItem(raw, index, (isCloudEvent ? parseCloudEvent : parseEvent)(raw, now))
}

function parsedItem(raw: unknown, index: number, parsed: ParsedEvent): ParsedItem {
  if (parsed.ok) return { index, ok: true, event: parsed.event, raw }
  return { index, ok: false, rejection: parsed.rejection, raw }
}

function refused(code: ProblemCode, message: string): ParsedEvents {
  return { ok: false, problem: { code, message } }
}
