import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentHash } from './content-hash.ts'
import { parseEvent } from './parse-event.ts'
import { rawEvent } from './raw-event.ts'

const now = Date.UTC(2026, 10, 26)
const time = fc.constantFrom('2026-11-22T08:15:00+08:00', '2026-01-01T00:00:00.123z', '1970-01-01T00:00:00Z')
const text = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('wms', 'SO-1', '包装 "七"', ' padded ', '𠮷') },
  fc.constantFrom('', null),
)
/** Values of fields that only some types know as instants. */
const anything = fc.oneof({ weight: 3, arbitrary: time }, fc.constantFrom<unknown>(5, null, true, { nested: [1, 'x'] }))

const raws = fc.record(
  {
    source: text,
    id: text,
    type: fc.constantFrom(...eventTypes),
    order: text,
    stage: fc.oneof(text, fc.constant(undefined)),
    occurredAt: time,
    actor: text,
    sequence: fc.oneof(fc.nat(), fc.constantFrom(null, 2 ** 53 - 1)),
    data: fc.record(
      {
        promisedAt: anything,
        startedAt: anything,
        enteredAt: anything,
        until: anything,
        customer: text,
        amount: fc.double({ min: 0, max: 1e9, noNaN: true }),
        owner: text,
        source: text,
        id: text,
        other: anything,
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['source', 'id', 'type', 'order', 'occurredAt'] },
)

test('an event that is written and read again is the same', () => {
  let count = 0
  fc.assert(
    fc.property(raws, (raw) => {
      const first = parseEvent(raw, now)
      if (!first.ok) return
      count += 1
      const again = parseEvent(JSON.parse(JSON.stringify(rawEvent(first.event))), now)
      expect(again).toEqual(first)
      expect(again.ok && contentHash(again.event)).toBe(contentHash(first.event))
    }),
    propertyRuns,
  )
  expect(count).toBeGreaterThan(10)
})

test('a hold that ends by itself is written with its end as a time', () => {
  const raw = { source: 'wms', id: '1', type: 'order.held', order: 'SO-1', occurredAt: '2026-01-01T00:00:00.000Z' }
  const held = { ...raw, data: { until: '2026-01-02T00:00:00.000Z' } }
  const parsed = parseEvent(held, now)
  expect(parsed.ok && rawEvent(parsed.event)).toEqual(held)
})
