import { z } from 'zod'
import { eventLimits, isHoldEnd, holdEndWords } from './event-limits.ts'
import { failing } from './field-issue.ts'
import { eventTypes } from '../domain/order-event.ts'
import { invisibleText, normalIdentifier } from '../domain/identifier.ts'
import { instantOf } from '../domain/rfc3339.ts'
import { problemCode } from './problem.ts'

function visibleText(limit: number) {
  return z
    .string()
    .max(limit)
    .refine(
      (text) => !invisibleText.test(text),
      failing('invisible_text', 'must not hold control or invisible characters'),
    )
}

function identifier(limit: number) {
  return visibleText(limit).refine(
    (text) => normalIdentifier(text) !== '',
    failing('too_short', 'must not be empty', 1),
  )
}

const instant = z
  .string()
  .refine((text) => instantOf(text) !== undefined, failing('not_time', 'must be an RFC 3339 date-time with an offset'))
  .meta({ format: 'date-time', example: '2026-11-22T08:15:00+08:00' })

function optionalInstant(text: string | null | undefined): number | undefined {
  return typeof text === 'string' ? instantOf(text) : undefined
}

const factText = z.string().max(eventLimits.factText).nullish()
const factNumber = z.number().min(0).max(eventLimits.factNumber).nullish()
const reason = z.string().nullish()

const attributes = {
  customer: factText,
  customerClass: factText.meta({ description: 'class of the customer, which targets may depend on' }),
  product: factText,
  quantity: factNumber,
  amount: factNumber,
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullish()
    .meta({ description: 'ISO 4217 code of the amount' }),
  promisedAt: instant.nullish().meta({ description: 'the date given to the customer' }),
  priority: factText,
  process: factText.meta({ description: 'code of the process that the order passes' }),
  department: factText,
  waybill: factText.meta({ description: 'number by which the carrier knows the parcel' }),
}

/** For stage events of orders that may be in progress in several stages at once. */
const concurrent = z.boolean().nullish().meta({
  description: 'the order may be at work in several stages at once: the event says nothing of the others',
})
const activity = {
  ...attributes,
  concurrent,
  instance: factText.meta({
    description:
      'which of several concurrent activities of the stage it belongs to; else the first that began ends first',
  }),
}

const common = {
  source: identifier(eventLimits.source).meta({ description: 'the system that says it', example: 'wms' }),
  id: identifier(eventLimits.id).meta({ description: 'unique within the source', example: 'wms-000123' }),
  order: identifier(eventLimits.order).meta({ example: 'SO-2026-00042' }),
  occurredAt: instant,
  actor: visibleText(eventLimits.actor).nullish().meta({ description: 'who did it', example: 'u1042' }),
  sequence: z
    .int()
    .nonnegative()
    .nullish()
    .meta({ description: "the source's own order of events of the same instant; no part of the content" }),
}
const noStage = z.null().optional()
const stage = identifier(eventLimits.stage).meta({ example: 'packing' })
const activityStage = stage.nullish().meta({
  description: 'which of several concurrent activities is meant; left out: the one that began last',
})

/** An event as a source sends it. Unknown fields of `data` are kept. */
export const event = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.enum(['order.placed', 'order.changed']),
    stage: noStage,
    data: z.looseObject(attributes).nullish(),
  }),
  z.strictObject({
    ...common,
    type: z.enum(['stage.entered', 'stage.started']),
    stage,
    data: z.looseObject(activity).nullish(),
  }),
  z.strictObject({
    ...common,
    type: z.literal('stage.completed'),
    stage,
    data: z
      .looseObject({
        ...activity,
        enteredAt: instant
          .nullish()
          .meta({ description: 'when the order came to the stage; of concurrent activities' }),
        abandoned: z.boolean().nullish().meta({ description: 'it ended without being done; of concurrent activities' }),
        startedAt: instant.nullish().meta({ description: 'when work in the stage began' }),
      })
      .nullish(),
  }),
  z.strictObject({
    ...common,
    type: z.enum(['order.resumed', 'order.completed', 'order.cancelled']),
    stage: noStage,
    data: z.looseObject({ reason }).nullish(),
  }),
  z.strictObject({
    ...common,
    type: z.literal('order.acknowledged'),
    stage: activityStage,
    data: z.looseObject({ reason }).nullish(),
  }),
  z
    .strictObject({
      ...common,
      type: z.literal('order.held'),
      stage: noStage,
      data: z
        .looseObject({
          reason,
          until: instant.nullish().meta({ description: 'when the hold ends by itself' }),
          concurrent: z.boolean().nullish().meta({
            description: 'an activity was suspended: the hold ends with the next concurrent one that begins or ends',
          }),
          changesHold: z.boolean().nullish().meta({
            description: 'changes the hold that goes on, which without `until` has no end any more, and begins none',
          }),
        })
        .nullish(),
    })
    .refine(({ occurredAt, data }) => isHoldEnd(optionalInstant(data?.until), instantOf(occurredAt) ?? 0), {
      ...failing('out_of_order', holdEndWords),
      path: ['data', 'until'],
    }),
  z.strictObject({
    ...common,
    type: z.literal('order.assigned'),
    stage: activityStage,
    data: z
      .looseObject({ owner: identifier(eventLimits.actor), reason })
      .meta({ description: 'who has the order from now on, in the stage that it is in' }),
  }),
  z.strictObject({
    ...common,
    type: z.enum(['complaint.filed', 'position.reported']),
    stage: noStage,
    data: z.record(z.string(), z.unknown()).nullish(),
  }),
  z.strictObject({
    ...common,
    type: z.literal('note.added'),
    stage: activityStage,
    data: z.record(z.string(), z.unknown()).nullish(),
  }),
  z.strictObject({
    ...common,
    type: z.literal('event.voided'),
    stage: noStage,
    data: z
      .looseObject({ source: identifier(eventLimits.source), id: identifier(eventLimits.id), reason })
      .meta({ description: 'source and id of the event that is taken back' }),
  }),
])

/** CloudEvents 1.0, structured mode: `subject` is the order, `data` holds stage, actor and the event's own data. */
export const cloudEvent = z.looseObject({
  specversion: z.literal('1.0'),
  source: common.source,
  id: common.id,
  type: z.enum(eventTypes),
  subject: common.order.nullish().meta({ description: 'the order; otherwise `data.order` names it' }),
  time: instant,
  sequence: z
    .string()
    .regex(/^\d{1,16}$/)
    .nullish(),
  data: z
    .looseObject({ order: common.order.nullish(), stage: stage.nullish(), actor: common.actor })
    .nullish()
    .meta({ description: 'a JSON object; other kinds of data and `data_base64` are rejected' }),
})

export const eventsRequest = z.union([
  event,
  z.array(event).min(1).max(eventLimits.eventsPerRequest),
  z.strictObject({ events: z.array(event).min(1).max(eventLimits.eventsPerRequest) }),
])

export const cloudEventBatch = z.array(cloudEvent).max(eventLimits.eventsPerRequest)

/** Outcome of one event; `index` is its position in the request. */
const eventResult = z.discriminatedUnion('status', [
  z.object({
    index: z.int().nonnegative(),
    status: z.enum(['accepted', 'duplicate']),
    /** For an import: the event was already stored with different facts, which are kept. */
    restated: z.literal(true).optional(),
  }),
  z.object({
    index: z.int().nonnegative(),
    status: z.literal('rejected'),
    code: problemCode,
    message: z.string(),
    /** Path of the invalid field, as the sender wrote it. */
    field: z.string().optional(),
  }),
])

/** Response once the events are durable. */
export const eventsAnswer = z.object({
  accepted: z.int().nonnegative(),
  duplicate: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  /** One entry for every event, in the order sent. */
  results: z.array(eventResult),
  /** Position of the event log after this request. */
  position: z.string(),
})

export type EventsAnswer = z.infer<typeof eventsAnswer>
