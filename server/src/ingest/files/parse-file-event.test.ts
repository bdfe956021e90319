import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentHash } from '../parse/content-hash.ts'
import type { FileEvent } from './file-event.ts'
import { parseEvent } from '../parse/parse-event.ts'
import { parseFileEvent } from './parse-file-event.ts'

const now = Date.UTC(2026, 10, 26)
const identifier = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom('SO-1', 'pick', 'wms', 'x'.repeat(100)) },
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' a ', 'ＳＯ', 'x\0', '\uD800', '包装'),
  fc.constantFrom('x'.repeat(101), 'x'.repeat(200), 'x'.repeat(201)),
)
const instant = fc.oneof(
  {
    weight: 40,
    arbitrary: fc
      .date({ min: new Date('1970-01-01T00:00:00.001Z'), max: new Date('2026-11-27'), noInvalidDate: true })
      .map((at) => at.toISOString()),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '2026-02-30T00:00:00Z',
      '2026-01-02T08:00:00+08:00',
      'soon',
      '+010000-01-01T00:00:00.000Z',
      '1969-12-31T23:59:59.999Z',
      '2026-11-27T00:00:00.000Z',
      '2026-11-27T00:00:00.001Z',
    ),
  },
)
const fact = fc.option(identifier, { nil: undefined })
const number = fc.option(
  fc.oneof({ weight: 9, arbitrary: fc.double({ min: 0, max: 1e15, noNaN: true }) }, fc.double()),
  { nil: undefined },
)
const currency = fc.option(fc.oneof({ weight: 9, arbitrary: fc.constantFrom('EUR', 'CNY') }, identifier), {
  nil: undefined,
})
const flag = fc.option(fc.boolean(), { nil: undefined })
const optionalInstant = fc.option(instant, { nil: undefined })

const fileEvents: fc.Arbitrary<FileEvent> = fc.record({
  source: identifier,
  id: identifier,
  type: fc.oneof(fc.constantFrom('stage.entered' as const, 'stage.completed' as const), fc.constantFrom(...eventTypes)),
  order: identifier,
  stage: fact,
  occurredAt: instant,
  actor: fact,
  sequence: fc.oneof({ weight: 20, arbitrary: fc.nat() }, fc.constantFrom(-1, 0.5, 2 ** 53)),
  data: fc.record(
    {
      customer: fact,
      customerClass: fact,
      product: fact,
      department: fact,
      process: fact,
      promisedAt: optionalInstant,
      startedAt: optionalInstant,
      enteredAt: optionalInstant,
      concurrent: flag,
      instance: fact,
      abandoned: flag,
      about: fact,
      transition: fact,
      quantity: number,
      amount: number,
      currency,
      priority: fact,
      waybill: fact,
    },
    { requiredKeys: ['customer', 'customerClass', 'product', 'department', 'process', 'promisedAt'] },
  ),
})

test('an event of a file is judged as if it had come as JSON, and is the same', () => {
  let plain = 0
  fc.assert(
    fc.property(fileEvents, (raw) => {
      const ours = parseFileEvent(raw, now)
      const sent = parseEvent(asJson(raw), now)
      expect(ours).toEqual(sent)
      if (!ours.ok || !sent.ok) return
      plain += 1
      expect(contentHash(ours.event)).toBe(contentHash(sent.event))
    }),
    propertyRuns,
  )
  expect(plain).toBeGreaterThan(10)
})

test('all that a row of a file may say is taken as it is', () => {
  const raw: FileEvent = {
    source: 'import',
    id: 'x',
    type: 'stage.completed',
    order: 'SO-1',
    stage: 'pack',
    occurredAt: '2026-01-02T08:00:00.000Z',
    actor: 'ann',
    sequence: 7,
    data: {
      customer: '客户',
      customerClass: 'A',
      product: 'p',
      department: 'd',
      process: 'making',
      promisedAt: '2026-01-09T00:00:00.000Z',
      startedAt: '2026-01-02T07:00:00.000Z',
      enteredAt: '2026-01-02T06:00:00.000Z',
      concurrent: true,
      instance: 'i',
      abandoned: true,
      about: 'a',
      transition: 't',
      waybill: 'w',
    },
  }
  const parsed = parseFileEvent(raw, now)
  expect(parsed).toEqual(parseEvent(asJson(raw), now))
  expect(parsed).toMatchObject({ ok: true, event: { data: { promisedAt: Date.UTC(2026, 0, 9), abandoned: true } } })
})

/**
 * Converts an event to the form in which the request parser receives it; numbers that JSON does not support remain
 * unchanged.
 */
function asJson({ data, ...raw }: FileEvent): unknown {
  const said = Object.entries(data).filter(([, value]) => value !== undefined)
  return { ...raw, data: Object.fromEntries(said) }
}

test('fields without a predefined meaning are kept', () => {
  const data = { customer: 'ACME', batch: { lines: [1] } }
  const event = { source: 'wms', id: '1', type: 'stage.entered', order: 'SO-1', stage: 'pick', sequence: 1 } as const
  const raw = { ...event, occurredAt: '2026-01-02T08:00:00Z', actor: undefined, data }
  expect(parseFileEvent(raw, now)).toMatchObject({ ok: true, event: { data } })
})

test('times of a completed stage are refused elsewhere as they are when sent', () => {
  const event = { source: 'wms', id: '1', order: 'SO-1', stage: 'pick', sequence: 1, actor: undefined } as const
  const occurredAt = '2026-01-02T08:00:00Z'
  for (const data of [
    { startedAt: 'soon' },
    { enteredAt: 'soon' },
    { abandoned: true },
    { quantity: 2 },
    { startedAt: occurredAt },
  ]) {
    for (const type of ['stage.entered', 'stage.completed'] as const) {
      const raw = { ...event, type, occurredAt, data }
      expect([type, data, parseFileEvent(raw, now)]).toEqual([type, data, parseEvent(asJson(raw), now)])
    }
  }
})

test('texts of a fact may have two hundred characters', () => {
  const event = { source: 'wms', id: '1', type: 'stage.entered', order: 'SO-1', stage: 'pick', sequence: 1 } as const
  const parsed = (customer: string) =>
    parseFileEvent({ ...event, occurredAt: '2026-01-02T08:00:00Z', actor: undefined, data: { customer } }, now)
  expect(parsed('客'.repeat(200))).toMatchObject({ ok: true })
  expect(parsed('客'.repeat(201))).toMatchObject({ ok: false, rejection: { field: 'data.customer' } })
})
