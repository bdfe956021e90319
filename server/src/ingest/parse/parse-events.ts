import { eventLimits } from '@stagewatch/shared/contract/event-limits.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { runToEnd } from '@stagewatch/shared/domain/run-to-end.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { itemLimitWords, UnreadItem } from '../../platform/http/read-json.ts'
import { parseCloudEvent } from './parse-cloud-event.ts'
import { parseEvent } from './parse-event.ts'
import type { ParsedEvent } from './parse-event.ts'
import { isRecord } from './read-field.ts'
import type { Rejection } from './validation.ts'

/** One event of a request; `index` is its index there, `raw` the original input. */
export type ParsedItem =
  | { readonly index: number; readonly ok: true; readonly event: OrderEvent; readonly raw: unknown }
  | { readonly index: number; readonly ok: false; readonly rejection: Rejection; readonly raw: unknown }

export type ParsedEvents =
  | { readonly ok: true; readonly items: readonly ParsedItem[] }
  | { readonly ok: false; readonly problem: { readonly code: ProblemCode; readonly message: string } }

type ParseOne = (raw: unknown, now: number) => ParsedEvent

/**
 * Parses the events of a request from its parsed JSON. A request that is not a list of events is rejected as a whole;
 * an invalid event is rejected alone.
 */
export function parseEvents(contentType: string, body: unknown, now: number): ParsedEvents {
  return runToEnd(parseSteps(contentType, body, now))
}

/** The same in steps, so that other work can run in between. */
export function* parseSteps(contentType: string, body: unknown, now: number): Generator<void, ParsedEvents> {
  switch (mediaType(contentType)) {
    case 'application/json':
      return yield* parseList(eventList(body), parseEvent, now)
    case 'application/cloudevents+json':
      return yield* parseList(isRecord(body) ? [body] : undefined, parseCloudEvent, now)
    case 'application/cloudevents-batch+json':
      // The CloudEvents specification allows an empty batch.
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

/** One event, an array of events, or an object with only `events`; undefined for anything else. */
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
    items.push(parsedItem(raw, index, raw instanceof UnreadItem ? notAnEvent : parseOne(raw, now)))
    yield
  }
  return { ok: true, items }
}

/** Parses one stored raw event whose original format is not known. */
export function parseStored(raw: unknown, index: number, now: number): ParsedItem {
  const isCloudEvent = isRecord(raw) && Object.hasOwn(raw, 'specversion')
  return parsedItem(raw, index, (isCloudEvent ? parseCloudEvent : parseEvent)(raw, now))
}

const notAnEvent: ParsedEvent = {
  ok: false,
  rejection: { code: 'invalid_field', message: `an event ${itemLimitWords}` },
}

function parsedItem(raw: unknown, index: number, parsed: ParsedEvent): ParsedItem {
  if (parsed.ok) return { index, ok: true, event: parsed.event, raw }
  return { index, ok: false, rejection: parsed.rejection, raw }
}

function refused(code: ProblemCode, message: string): ParsedEvents {
  return { ok: false, problem: { code, message } }
}
