import { hash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { orderEvent } from '@stagewatch/shared/domain/testing/arbitrary-events.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { contentHash } from './content-hash.ts'

const [event] = eventLog(['stage.entered', 10, { stage: 'packing', data: { a: 1, b: { c: [1, 2], d: null } } }])

test('the order of keys and the sequence are no part of the content', () => {
  const same = { ...event, sequence: 9, data: { b: { d: null, c: [1, 2] }, a: 1 } }
  expect(contentHash(same)).toBe(contentHash(event))
})

test.for([
  { actor: 'u1' },
  { stage: 'picking' },
  { occurredAt: 11 },
  { type: 'stage.completed' as const },
  { data: { a: 1, b: { c: [2, 1], d: null } } },
  { data: { a: '1', b: { c: [1, 2], d: null } } },
  { data: { b: { a: 1, c: [1, 2], d: null } } },
])('another content has another hash: %j', (part) => {
  expect(contentHash({ ...event, ...part })).not.toBe(contentHash(event))
})

test('the hash is 128 bits, and its form is for ever: it is stored', () => {
  expect(contentHash(event)).toMatch(/^[0-9a-f]{32}$/)
})

test('an event that went through JSON has the same hash', () => {
  fc.assert(
    fc.property(orderEvent('SO-1'), (drawn) => {
      expect(contentHash(JSON.parse(JSON.stringify(drawn)) as typeof drawn)).toBe(contentHash(drawn))
    }),
    propertyRuns,
  )
})

/** How the stored hashes were computed: every object is serialized with sorted keys. */
function writtenInKeyOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

test('whatever the data hold, the hash is that of the JSON with every key in order', () => {
  const data = fc.oneof(
    fc.dictionary(fc.string(), fc.jsonValue()),
    fc.dictionary(fc.constantFrom('b', 'a', '10', '9'), fc.jsonValue()),
  )
  fc.assert(
    fc.property(orderEvent('SO-1'), data, (drawn, more) => {
      const { source, id, type, order, stage, occurredAt, actor } = drawn
      const content = JSON.stringify([source, id, type, order, stage, occurredAt, actor, more], writtenInKeyOrder)
      expect(contentHash({ ...drawn, data: more })).toBe(hash('sha256', content, 'hex').slice(0, 32))
    }),
    propertyRuns,
  )
})
