import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { expect, test } from 'vitest'
import type { EventRow } from './event-row.ts'
import { FileEvents } from './file-event.ts'
import { directionUnknown } from './row-direction.ts'
import { OccurrenceCounter } from './occurrence-counter.ts'

const origin = { source: 'import', process: undefined }
const ties = { stages: ['picking', 'packing'], direction: directionUnknown }
const packing: EventRow = {
  row: 1,
  type: 'stage.entered',
  order: 'SO-1',
  stage: 'packing',
  occurredAt: Date.UTC(2026, 0, 2),
  actor: undefined,
  eventId: undefined,
  startedAt: undefined,
  startIgnored: false,
  promisedAt: undefined,
  customer: undefined,
  customerClass: undefined,
  product: undefined,
  waybill: undefined,
  department: undefined,
}

function identities(rows: readonly EventRow[]): string[] {
  const events = new FileEvents(origin, ties)
  return rows.map((row) => events.of(row).id)
}

test('equal rows are different events, and the same ones when the file is read again', () => {
  const rows = [packing, { ...packing, row: 2, stage: 'picking' }, { ...packing, row: 3 }, { ...packing, row: 4 }]
  const ids = identities(rows)
  expect(new Set(ids).size).toBe(4)
  expect(identities(rows)).toEqual(ids)
})

test('an identity depends on what happened, not on the place in the file or on the facts', () => {
  const [id] = identities([packing])
  expect(identities([{ ...packing, row: 9, customer: 'ACME' }])).toEqual([id])
  for (const other of [
    { order: 'SO-2' },
    { stage: 'picking' },
    { type: 'stage.completed' as const },
    { occurredAt: 1 },
  ])
    expect(identities([{ ...packing, ...other }])).not.toEqual([id])
})

test('an identity is the first half of the digest, and that is for ever: it is stored', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (order, stage) => {
      const parts = [order, stage, packing.type, '2026-01-02T00:00:00.000Z']
      const digest = createHash('sha256').update(parts.join('\0')).digest()
      expect(identities([{ ...packing, order, stage }])).toEqual([digest.toString('base64url', 0, 16)])
    }),
    propertyRuns,
  )
})

test('an identity from the file is kept', () => {
  expect(identities([{ ...packing, eventId: 'wms-7' }])).toEqual(['wms-7'])
})

test('equal rows are numbered from the second one on, apart from those with their own identity', () => {
  const events = new FileEvents(origin, ties)
  const numbered = [packing, packing, { ...packing, eventId: 'wms-7' }, packing].map((row) => {
    const { id } = events.of(row)
    return [id.slice(22), events.lastNth]
  })
  expect(events.of({ ...packing, eventId: 'wms-8' }).id).toBe('wms-8')
  expect(numbered).toEqual([
    ['', 1],
    ['.2', 2],
    ['', 1],
    ['.3', 3],
  ])
})

test('activities of one stage and time are told apart by their beginning, instance and transition', () => {
  const parts = [{ enteredAt: 5 }, { instance: '7' }, { about: 'cut' }, { about: 'cut', transition: 'thought' }]
  expect(new Set(identities([packing, ...parts.map((part) => ({ ...packing, ...part }))])).size).toBe(5)
  expect(identities(parts.map((part) => ({ ...packing, ...part }))).every((id) => id.length === 22)).toBe(true)
})

test('all that a row says is in its event', () => {
  const row: EventRow = {
    ...packing,
    type: 'stage.completed',
    actor: 'ann',
    customer: 'ACME',
    customerClass: 'A',
    product: 'Bolt',
    department: 'QA',
    quantity: 0,
    amount: 2.5,
    currency: 'EUR',
    priority: 'high',
    waybill: 'SF1',
    concurrent: true,
    instance: '7',
    abandoned: true,
    about: 'cut',
    transition: 'thought',
    enteredAt: Date.UTC(2026, 0, 1),
    startedAt: Date.UTC(2026, 0, 1, 1),
    promisedAt: Date.UTC(2026, 0, 9),
  }
  const { data, actor } = new FileEvents({ source: 'wms', process: 'p' }, ties).of(row)
  expect([actor, data]).toEqual([
    'ann',
    {
      customer: 'ACME',
      customerClass: 'A',
      product: 'Bolt',
      department: 'QA',
      quantity: 0,
      amount: 2.5,
      currency: 'EUR',
      priority: 'high',
      waybill: 'SF1',
      process: 'p',
      concurrent: true,
      instance: '7',
      abandoned: true,
      about: 'cut',
      transition: 'thought',
      enteredAt: '2026-01-01T00:00:00.000Z',
      startedAt: '2026-01-01T01:00:00.000Z',
      promisedAt: '2026-01-09T00:00:00.000Z',
    },
  ])
  expect(Object.keys(new FileEvents(origin, ties).of(packing).data)).toEqual([])
})

test('texts are counted several at once, and those that look alike apart', () => {
  const counter = new OccurrenceCounter()
  expect([counter.addText('a'), counter.addText('a', 3), counter.addText('b'), counter.addText('')]).toEqual([
    1, 4, 1, 1,
  ])
  const texts = Array.from({ length: 100_000 }, (_, i) => `SO-${i}`)
  expect(texts.filter((text) => counter.addText(text) !== 1)).toEqual([])
  expect(texts.filter((text) => counter.addText(text) !== 2)).toEqual([])
  expect(counter.distinct).toBe(100_003)
})

test('facts travel with the event, instants as RFC 3339', () => {
  const row = { ...packing, customer: 'ACME', promisedAt: Date.UTC(2026, 0, 9), startedAt: Date.UTC(2026, 0, 1) }
  expect(JSON.parse(JSON.stringify(new FileEvents({ source: 'wms', process: 'p' }, ties).of(row)))).toEqual({
    source: 'wms',
    id: expect.stringMatching(/^[\w-]{22}$/),
    type: 'stage.entered',
    order: 'SO-1',
    stage: 'packing',
    occurredAt: '2026-01-02T00:00:00.000Z',
    sequence: 3_000_000,
    data: {
      customer: 'ACME',
      process: 'p',
      promisedAt: '2026-01-09T00:00:00.000Z',
      startedAt: '2026-01-01T00:00:00.000Z',
    },
  })
})

test('occurrences are counted as a map counts them, whatever the fingerprints', () => {
  const word = fc.oneof(fc.nat(3), fc.integer({ min: 0, max: 0xffff_ffff }))
  const keys = fc.array(fc.tuple(word, word), { maxLength: 9000, size: 'max' })
  fc.assert(
    fc.property(keys, (added) => {
      const counter = new OccurrenceCounter()
      const counts = new Map<string, number>()
      for (const [low, high] of added) {
        const count = (counts.get(`${low}.${high}`) ?? 0) + 1
        counts.set(`${low}.${high}`, count)
        expect(counter.add(low, high)).toBe(count)
      }
      expect(counter.distinct).toBe(counts.size)
    }),
    { numRuns: 10 },
  )
})
