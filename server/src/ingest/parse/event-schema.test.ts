import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { cloudEvent, event, eventsAnswer, eventsRequest } from '@stagewatch/shared/contract/event.ts'
import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { parseCloudEvent } from './parse-cloud-event.ts'
import { parseEvent } from './parse-event.ts'

const now = Date.UTC(2026, 10, 22)

const time = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('2026-11-22T08:15:00+08:00', '2026-01-01T00:00:00.123z') },
  fc.constantFrom('2026-02-30T00:00:00Z', '2026-01-01T00:00:00', '1969-01-01T00:00:00Z'),
)
const odd = fc.constantFrom<unknown>(
  null,
  undefined,
  '',
  ' ',
  0,
  -1,
  5,
  1.5,
  1e16,
  true,
  [],
  {},
  'a\0',
  'a\u202Eb',
  '\uD800',
)
const long = fc.constantFrom('x'.repeat(100), 'x'.repeat(101), 'x'.repeat(200), 'x'.repeat(201))

/** Mostly valid values, sometimes anything else. */
function mostly(right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 80, arbitrary: right }, { weight: 1, arbitrary: odd }, { weight: 1, arbitrary: long })
}

const text = mostly(fc.constantFrom('wms', 'SO-1', '包装', '𠮷', ' padded '))
const data = fc
  .record(
    {
      customer: text,
      quantity: mostly(fc.constantFrom<unknown>(0, 3, 2.5, 1e15)),
      currency: mostly(fc.constantFrom('CNY', 'EUR', 'cny')),
      promisedAt: mostly(time),
      startedAt: mostly(time),
      enteredAt: mostly(time),
      concurrent: mostly(fc.boolean()),
      abandoned: mostly(fc.boolean()),
      instance: text,
      until: mostly(fc.oneof(time, fc.constantFrom('2026-11-23T00:00:00Z', '2028-01-01T00:00:00Z'))),
      reason: text,
      source: text,
      id: text,
      other: mostly(fc.constant({ nested: [1, 'x'] })),
    },
    { requiredKeys: [] },
  )
  // Only the parser rejects NUL and lone surrogates in data: JSON Schema cannot express that.
  .filter((drawn) => !Object.values(drawn).some((value) => typeof value === 'string' && /[\0\uD800]/.test(value)))

const knownFields = fc.record(
  {
    source: text,
    id: text,
    type: mostly(fc.constantFrom(...eventTypes)),
    order: text,
    stage: fc.oneof(fc.constant(undefined), text),
    occurredAt: mostly(time),
    actor: text,
    sequence: mostly(fc.nat()),
    data: mostly(data),
  },
  { requiredKeys: ['source', 'id', 'type', 'order', 'occurredAt'] },
)
const nativeEvent = fc.oneof(
  { weight: 9, arbitrary: knownFields },
  { weight: 1, arbitrary: knownFields.map((raw) => Object.assign(raw, { orderId: 'SO-1' })) },
)

describe('the schema that is documented and the parser that is used', () => {
  test('accept and refuse the same events', () => {
    let acceptedCount = 0
    fc.assert(
      fc.property(nativeEvent, (raw) => {
        const parsed = parseEvent(raw, now)
        const futureOnly = !parsed.ok && parsed.rejection.code === 'occurred_in_future'
        expect(parsed.ok || futureOnly).toBe(event.safeParse(raw).success)
        if (parsed.ok) acceptedCount += 1
      }),
      propertyRuns,
    )
    expect(acceptedCount).toBeGreaterThan(10)
  })

  test('take every type of event in its plainest form', () => {
    for (const type of eventTypes) {
      const raw = {
        source: 'erp',
        id: 'e1',
        type,
        order: 'SO-1',
        occurredAt: '2026-11-22T00:00:00Z',
        ...(type.startsWith('stage.') && { stage: 'packing' }),
        ...(type === 'event.voided' && { data: { source: 'erp', id: 'e0' } }),
        ...(type === 'order.assigned' && { data: { owner: 'u7' } }),
      }
      expect([type, parseEvent(raw, now).ok, event.safeParse(raw).success]).toEqual([type, true, true])
      const { order, occurredAt, stage, data: content, ...rest } = { stage: undefined, data: {}, ...raw }
      const cloud = { ...rest, specversion: '1.0', subject: order, time: occurredAt, data: { stage, ...content } }
      expect([type, parseCloudEvent(cloud, now).ok, cloudEvent.safeParse(cloud).success]).toEqual([type, true, true])
    }
  })

  test('can be written as JSON Schema', () => {
    for (const schema of [eventsRequest, cloudEvent, eventsAnswer])
      expect(z.toJSONSchema(schema, { io: 'input' })).toHaveProperty('$schema')
  })
})
