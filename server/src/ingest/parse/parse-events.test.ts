import { describe, expect, test } from 'vitest'
import { parseEvents } from './parse-events.ts'

const now = Date.UTC(2026, 10, 22, 12)
const json = 'application/json'
const good = {
  source: 'wms',
  id: 'e1',
  type: 'stage.entered',
  order: 'SO-1',
  stage: 'packing',
  occurredAt: '2026-11-22T08:15:00Z',
}
const cloud = {
  specversion: '1.0',
  source: '/wms/hall-2',
  id: 'e1',
  type: 'stage.entered',
  subject: 'SO-1',
  time: '2026-11-22T08:15:00Z',
  datacontenttype: 'application/json',
  sequence: '17',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  data: { stage: 'packing', actor: 'u1', lane: 4 },
}

function items(contentType: string, body: unknown) {
  const parsed = parseEvents(contentType, body, now)
  if (!parsed.ok) throw new Error(parsed.problem.message)
  return parsed.items
}

function problem(contentType: string, body: unknown) {
  const parsed = parseEvents(contentType, body, now)
  return parsed.ok ? undefined : parsed.problem.code
}

function refusal(contentType: string, body: unknown) {
  const [item] = items(contentType, body)
  return item?.ok === false ? [item.rejection.code, item.rejection.field] : undefined
}

describe('a request in JSON', () => {
  test.for([
    ['one event', good],
    ['a list', [good]],
    ['an object with a list', { events: [good] }],
  ] as const)('may be %s', ([, body]) => {
    expect(items(json, body)).toMatchObject([{ index: 0, ok: true, event: { id: 'e1', order: 'SO-1' } }])
  })

  test('keeps a bad event with its reason and takes the others', () => {
    const bad = { ...good, stage: 5 }
    const [first, second, third] = items(json, [good, bad, { ...good, id: 'e2' }])
    expect([first, third]).toMatchObject([
      { index: 0, ok: true },
      { index: 2, ok: true, event: { id: 'e2' } },
    ])
    expect(second).toMatchObject({ index: 1, ok: false, rejection: { code: 'invalid_field', field: 'stage' } })
    expect(second).toHaveProperty('raw', bad)
  })

  test.for([null, undefined, 1, 'x', true, [], { events: [] }, { events: {} }, { events: [good], more: 1 }])(
    'is refused as a whole when it is %j',
    (body) => {
      expect(problem(json, body)).toBe('bad_request')
    },
  )

  test('may hold 10,000 events and no more', () => {
    const many = Array.from({ length: 10_000 }, () => good)
    expect(items(json, many)).toHaveLength(10_000)
    expect(problem(json, [...many, good])).toBe('too_many_events')
    expect(problem(json, { events: [...many, good] })).toBe('too_many_events')
  })

  test('may name its character set', () => {
    expect(items('Application/JSON; charset=utf-8', good)).toHaveLength(1)
  })

  test.for(['', 'text/plain', 'application/x-www-form-urlencoded', 'application/ json', 'application/jsonp'])(
    'is not what %j announces',
    (contentType) => {
      expect(problem(contentType, good)).toBe('unsupported_media_type')
    },
  )
})

describe('a CloudEvent', () => {
  const single = 'application/cloudevents+json'
  const batch = 'application/cloudevents-batch+json'

  test('is taken over, its extensions passed over', () => {
    const event = {
      source: '/wms/hall-2',
      id: 'e1',
      type: 'stage.entered',
      order: 'SO-1',
      stage: 'packing',
      occurredAt: Date.UTC(2026, 10, 22, 8, 15),
      actor: 'u1',
      sequence: 17,
      data: { lane: 4 },
    }
    expect(items(single, cloud)).toEqual([{ index: 0, ok: true, event, raw: cloud }])
    expect(items(batch, [cloud])).toEqual([{ index: 0, ok: true, event, raw: cloud }])
  })

  test('may name the order in its data', () => {
    const { subject: _, ...rest } = cloud
    const [item] = items(single, { ...rest, data: { ...cloud.data, order: 'SO-2' } })
    expect(item).toMatchObject({ ok: true, event: { order: 'SO-2', data: { lane: 4 } } })
  })

  test('that takes another event back names it in its data', () => {
    const data = { source: '/wms/hall-2', id: 'e0' }
    expect(items(single, { ...cloud, type: 'event.voided', data })).toMatchObject([{ ok: true, event: { data } }])
  })

  test.for([
    [{ specversion: '0.3' }, 'invalid_field', 'specversion'],
    [{ specversion: 1 }, 'invalid_field', 'specversion'],
    [{ subject: null }, 'missing_field', 'subject'],
    [{ time: undefined }, 'missing_field', 'time'],
    [{ time: 'today' }, 'invalid_time', 'time'],
    [{ time: '2026-11-24T08:15:00Z' }, 'occurred_in_future', 'time'],
    [{ type: 'com.example.stage.entered' }, 'invalid_field', 'type'],
    [{ id: 5 }, 'invalid_field', 'id'],
    [{ sequence: 'first' }, 'invalid_field', 'sequence'],
    [{ sequence: '99999999999999999999' }, 'invalid_field', 'sequence'],
    [{ data: 'packing' }, 'invalid_field', 'data'],
    [{ data: [] }, 'invalid_field', 'data'],
    [{ data: undefined, data_base64: 'e30=' }, 'invalid_field', 'data_base64'],
    [{ data: undefined }, 'missing_field', 'data.stage'],
    [{ data: { stage: 5 } }, 'invalid_field', 'data.stage'],
    [{ data: { stage: 'packing', actor: {} } }, 'invalid_field', 'data.actor'],
    [{ data: { stage: 'packing', quantity: '5' } }, 'invalid_field', 'data.quantity'],
  ] as const)('with %j is refused in its own words', ([part, code, field]) => {
    expect(refusal(single, { ...cloud, ...part })).toEqual([code, field])
  })

  test('that is no object is refused alone', () => {
    expect(items(batch, [null, cloud])).toMatchObject([{ ok: false, raw: null }, { ok: true }])
  })

  test('comes alone or in a list, as its content type says', () => {
    expect(problem(single, [cloud])).toBe('bad_request')
    expect(problem(batch, cloud)).toBe('bad_request')
    expect(items(batch, [])).toEqual([])
  })
})
