import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import type { FileEvent } from '../files/file-event.ts'
import { packEvents, unpackEvents } from './packed-events.ts'

/** Few different texts, so that events share some; among them the empty one, half a character and a quote. */
const text = fc.oneof(fc.constantFrom('', 'SO-1', 'pick', '订单', '\uD83D', '"', '0'), fc.string())
const optional = fc.option(text, { nil: undefined })
const value = fc.option(
  fc.oneof(text, fc.boolean(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  {
    nil: undefined,
  },
)
const event: fc.Arbitrary<FileEvent> = fc.record({
  source: text,
  id: text,
  type: fc.constantFrom(...eventTypes),
  order: text,
  stage: optional,
  occurredAt: text,
  actor: optional,
  sequence: fc.option(fc.nat(Number.MAX_SAFE_INTEGER), { nil: undefined }),
  data: fc.dictionary(fc.constantFrom('customer', 'product', 'quantity', 'concurrent', 'ofTheFile'), value),
})

/** What JSON would make of them, which knows neither undefined fields nor -0. */
function plain(events: readonly FileEvent[]): unknown {
  return JSON.parse(JSON.stringify(events))
}

test('events are the same after they were packed and unpacked', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      const unpacked = unpackEvents(structuredClone(packEvents(events)))
      expect(plain(unpacked)).toEqual(plain(events))
    }),
  )
})

test('a text that many events share is sent once', () => {
  const shared = 'x'.repeat(1_000)
  const one: FileEvent = {
    source: 'import',
    id: '1',
    type: 'stage.entered',
    order: 'SO-1',
    stage: shared,
    occurredAt: '2026-01-02T08:00:00Z',
    actor: undefined,
    sequence: 1,
    data: { customer: shared },
  }
  const { values } = packEvents(Array.from({ length: 100 }, (_, i) => ({ ...one, id: String(i) })))
  expect(values.length).toBeLessThan(100 * shared.length)
})
