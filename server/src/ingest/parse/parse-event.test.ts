import { describe, expect, test } from 'vitest'
import { parseEvent } from './parse-event.ts'

const now = Date.UTC(2026, 10, 22, 12)
const hourMs = 3_600_000

const entered = {
  source: 'wms',
  id: 'wms-000123',
  type: 'stage.entered',
  order: 'SO-2026-00042',
  stage: 'packing',
  occurredAt: '2026-11-22T08:15:00+08:00',
}
const placed = { source: 'erp', id: 'e1', type: 'order.placed', order: 'SO-1', occurredAt: '2026-11-22T08:15:00Z' }

function accepted(raw: unknown) {
  const parsed = parseEvent(raw, now)
  if (!parsed.ok) throw new Error(`${parsed.rejection.field}: ${parsed.rejection.message}`)
  return parsed.event
}

function refusal(raw: unknown) {
  const parsed = parseEvent(raw, now)
  if (parsed.ok) throw new Error('the event was accepted')
  return [parsed.rejection.code, parsed.rejection.field]
}

/** Parses JSON text, so that names like `__proto__` and numbers like 1e400 arrive as in a request. */
function fromJson(text: string): object {
  return JSON.parse(text) as object
}

describe('a good event', () => {
  test('is taken over with its instant as epoch ms', () => {
    const event = accepted({ ...entered, actor: 'u1042', sequence: 17, data: { lane: 4 } })
    expect(event).toEqual({
      source: 'wms',
      id: 'wms-000123',
      type: 'stage.entered',
      order: 'SO-2026-00042',
      stage: 'packing',
      occurredAt: Date.UTC(2026, 10, 22, 0, 15),
      actor: 'u1042',
      sequence: 17,
      data: { lane: 4 },
    })
  })

  test('may leave out what is optional, or say null', () => {
    const event = accepted({ ...placed, stage: null, actor: null, sequence: null, data: null })
    expect(event).toEqual({ ...placed, occurredAt: Date.UTC(2026, 10, 22, 8, 15), data: {} })
  })

  test('is known by the normal form of its identifiers', () => {
    const event = accepted({ ...entered, source: ' wms', id: 'ＳＯ－１', order: 'Cafe\u0301 ', stage: '\u3000包装' })
    expect(event).toMatchObject({ source: 'wms', id: 'SO-1', order: 'Caf\u00E9', stage: '包装' })
  })

  test('keeps attributes, with dates as epoch ms, and drops those that are null', () => {
    const data = { customer: '华东仓', quantity: 3.5, amount: 0, currency: 'CNY', product: null, extra: [null, 1] }
    expect(accepted({ ...placed, data: { ...data, promisedAt: '2026-12-01T00:00:00Z' } }).data).toEqual({
      customer: '华东仓',
      quantity: 3.5,
      amount: 0,
      currency: 'CNY',
      promisedAt: Date.UTC(2026, 11, 1),
      extra: [null, 1],
    })
  })

  test('of a completed stage may say when work began', () => {
    const data = { startedAt: '2026-11-22T00:00:00Z' }
    expect(accepted({ ...entered, type: 'stage.completed', data }).data).toEqual({ startedAt: Date.UTC(2026, 10, 22) })
  })

  test('that takes another back names it in normal form', () => {
    const data = { source: ' wms', id: 'ＳＯ－１', reason: 'scanned twice' }
    const event = accepted({ ...placed, type: 'event.voided', data })
    expect(event.data).toEqual({ source: 'wms', id: 'SO-1', reason: 'scanned twice' })
  })

  test('may occur up to 24 hours ahead of our clock', () => {
    const occurredAt = new Date(now + 24 * hourMs).toISOString()
    expect(accepted({ ...entered, occurredAt }).occurredAt).toBe(now + 24 * hourMs)
  })

  test.for([
    '<img src=x onerror=alert(1)>',
    '=HYPERLINK("http://x","y")',
    '+1',
    '@SUM(A1)',
    "'; drop table ord; --",
    '$1',
    '{{7*7}}',
    '${7*7}',
    '%s%n',
    '📦订单',
    '𠮷野家',
    'طلب',
    `a${'\u0301'.repeat(64)}`.normalize('NFKC'),
  ])('may be called %s', (order) => {
    expect(accepted({ ...entered, order }).order).toBe(order)
  })

  test('keeps line breaks and directions in free text', () => {
    const data = { text: 'first\r\nsecond \u202Eright to left\u202C', __note: 'x' }
    expect(accepted({ ...placed, type: 'note.added', data }).data).toEqual(data)
  })

  test('may hold what it likes in data that its type does not know', () => {
    const data = { quantity: 'many', promisedAt: 'soon', reason: 5 }
    expect(accepted({ ...placed, type: 'note.added', data }).data).toEqual(data)
  })
})

describe('an event is refused', () => {
  test.for([null, 1, 'x', true, []])('when it is %j', (raw) => {
    expect(refusal(raw)).toEqual(['invalid_field', undefined])
  })

  test.for(['source', 'id', 'type', 'order', 'stage', 'occurredAt'])('without %s', (field) => {
    const { [field]: _, ...rest } = entered as Record<string, unknown>
    expect(refusal(rest)).toEqual(['missing_field', field])
    expect(refusal({ ...rest, [field]: null })).toEqual(['missing_field', field])
  })

  test.for([
    ['an id that is a number', fromJson('{"id":9007199254740993}'), 'id'],
    ['an id in a list', { id: ['a'] }, 'id'],
    ['an order that is an object', { order: {} }, 'order'],
    ['an actor that is a number', { actor: 7 }, 'actor'],
    ['a source of 101 characters', { source: 'x'.repeat(101) }, 'source'],
    ['an id of 201 characters', { id: 'x'.repeat(201) }, 'id'],
    ['an order that is too long in its normal form', { order: '\uFDFA'.repeat(20) }, 'order'],
    ['an unknown type', { type: 'stage.left' }, 'type'],
    ['a type with a prefix', { type: 'com.example.stage.entered' }, 'type'],
    ['a type that is no text', { type: ['stage.entered'] }, 'type'],
    ['a negative sequence', { sequence: -1 }, 'sequence'],
    ['a broken sequence', { sequence: 1.5 }, 'sequence'],
    ['a sequence that is a text', { sequence: '17' }, 'sequence'],
    ['a sequence that JSON cannot count', { sequence: 2 ** 53 }, 'sequence'],
    ['an unknown field', { order_id: 'SO-1' }, 'order_id'],
    ['data that is a list', { data: [] }, 'data'],
    ['data that is a text', { data: '{}' }, 'data'],
  ] as const)('for %s', ([, part, field]) => {
    expect(refusal({ ...entered, ...part })).toEqual(['invalid_field', field])
  })

  test.for(['', '   ', '\u3000'])('for an identifier that says nothing: %j', (id) => {
    expect(refusal({ ...entered, id })).toEqual(['missing_field', 'id'])
  })

  test.for([
    ['NUL', 'SO\0'],
    ['a forged log line', 'SO-1\r\nlevel=error'],
    ['half a surrogate pair', '\uD83D'],
    ['a right-to-left override', 'SO\u202E1'],
    ['a zero-width space', 'SO\u200B1'],
    ['a byte order mark', '\uFEFFSO-1'],
  ])('for an identifier with %s', ([, text]) => {
    for (const field of ['source', 'id', 'order', 'stage', 'actor'])
      expect(refusal({ ...entered, [field]: text })).toEqual(['invalid_text', field])
  })

  test('for a stage on an event that moves no stage', () => {
    expect(refusal({ ...placed, stage: 'packing' })).toEqual(['invalid_field', 'stage'])
  })

  test.for([
    '2026-02-30T00:00:00Z',
    '2026-11-22T08:15:00',
    '2026-11-22T24:00:00Z',
    '2026-11-22T08:15:60Z',
    '2026-11-22T08:15:00+25:00',
    '0001-01-01T00:00:00Z',
    '+292278994-01-01T00:00:00Z',
    '',
    1763800000000,
    {},
  ])('for the time %j', (occurredAt) => {
    expect(refusal({ ...entered, occurredAt })).toEqual(['invalid_time', 'occurredAt'])
  })

  test.for([new Date(now + 24 * hourMs + 1).toISOString(), '9999-12-31T23:59:59Z'])(
    'for a time too far ahead: %s',
    (occurredAt) => {
      expect(refusal({ ...entered, occurredAt })).toEqual(['occurred_in_future', 'occurredAt'])
    },
  )

  test.for([
    ['customer', 5],
    ['customer', 'x'.repeat(201)],
    ['product', ['lamp']],
    ['quantity', '5'],
    ['quantity', -1],
    ['amount', 1.1e15],
    ['amount', true],
    ['currency', 'yuan'],
    ['currency', 'cny'],
    ['priority', 1],
    ['process', {}],
    ['department', false],
  ] as const)('for the fact %s: %j', ([name, value]) => {
    for (const event of [placed, { ...placed, type: 'order.changed' }, entered])
      expect(refusal({ ...event, data: { [name]: value } })).toEqual(['invalid_field', `data.${name}`])
  })

  test.for(['promisedAt', 'startedAt'])('for a %s that is no time', (name) => {
    const event = { ...entered, type: 'stage.completed' }
    for (const value of ['2026-12-01', 1764547200000, ''])
      expect(refusal({ ...event, data: { [name]: value } })).toEqual(['invalid_time', `data.${name}`])
  })

  test('for a reason that is no text', () => {
    expect(refusal({ ...placed, type: 'order.held', data: { reason: 5 } })).toEqual(['invalid_field', 'data.reason'])
    expect(refusal({ ...placed, type: 'order.held', data: { changesHold: 'yes' } })).toEqual([
      'invalid_field',
      'data.changesHold',
    ])
  })

  test.for([
    [undefined, 'missing_field', 'data.source'],
    [{ id: 'e1' }, 'missing_field', 'data.source'],
    [{ source: 'erp' }, 'missing_field', 'data.id'],
    [{ source: 'erp', id: 1 }, 'invalid_field', 'data.id'],
    [{ source: 'erp', id: 'a\u200Bb' }, 'invalid_text', 'data.id'],
  ] as const)('for a void of %j', ([data, code, field]) => {
    expect(refusal({ ...placed, type: 'event.voided', data })).toEqual([code, field])
  })
})

describe('data is refused', () => {
  const note = { ...placed, type: 'note.added' }

  test.for([
    ['{"__proto__":{"admin":true}}', 'data.__proto__'],
    ['{"\\u005f_proto__":{"admin":true}}', 'data.__proto__'],
    ['{"a":[{"constructor":{"prototype":{}}}]}', 'data.a[0].constructor'],
    ['{"prototype":1}', 'data.prototype'],
  ])('with the name in %s', ([data, field]) => {
    expect(refusal({ ...note, data: fromJson(data!) })).toEqual(['invalid_field', field])
  })

  test('as a field of the event itself', () => {
    const raw = fromJson(`{"__proto__":{},"source":"erp","id":"e1","type":"note.added","order":"SO-1"}`)
    expect(refusal(raw)).toEqual(['invalid_field', '__proto__'])
  })

  test.for(['a\0b', 'a\uD800', '\uDC00b'])('with the text %j, as value and as name', (text) => {
    expect(refusal({ ...note, data: { list: [{ text }] } })).toEqual(['invalid_text', 'data.list[0].text'])
    expect(refusal({ ...note, data: { [text]: 1 } })[0]).toBe('invalid_text')
  })

  test('with a number that is none', () => {
    expect(refusal({ ...note, data: fromJson('{"weight":1e400}') })).toEqual(['invalid_field', 'data.weight'])
  })

  test('deeper than eight levels, however deep', () => {
    const nested = (depth: number) => fromJson(`${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`)
    expect(accepted({ ...note, data: nested(8) }).data).toEqual(nested(8))
    expect(refusal({ ...note, data: nested(9) })[0]).toBe('invalid_field')
    expect(refusal({ ...note, data: { a: fromJson('['.repeat(10_000) + ']'.repeat(10_000)) } })[0]).toBe(
      'invalid_field',
    )
  })

  test('of many lists, of which only as many are looked at as fit', () => {
    let lookedAt = 0
    const lists = Array.from({ length: 100 }, () => {
      const list = Array.from({ length: 1_000 }, () => 1)
      return new Proxy(list, { ownKeys: (target) => (lookedAt++, Reflect.ownKeys(target)) })
    })
    expect(refusal({ ...note, data: { lists } })).toEqual(['invalid_field', 'data'])
    expect(lookedAt).toBeGreaterThan(10)
    expect(lookedAt).toBeLessThan(20)
  })

  test('larger than 16 kB as JSON, counted in bytes', () => {
    const frame = '{"text":""}'.length
    const atLimit = 'x'.repeat(16 * 1024 - frame)
    expect(accepted({ ...note, data: { text: atLimit } }).data['text']).toBe(atLimit)
    expect(refusal({ ...note, data: { text: `${atLimit}x` } })).toEqual(['invalid_field', 'data'])
    expect(refusal({ ...note, data: { text: '订'.repeat(6000) } })).toEqual(['invalid_field', 'data'])
    expect(
      refusal({ ...note, data: { keys: Object.fromEntries(Array.from({ length: 15_000 }, (_, i) => [i, 0])) } }),
    ).toEqual(['invalid_field', 'data'])
  })
})

test('a refusal repeats nothing that could harm a log or a database', () => {
  const parsed = parseEvent({ ...entered, [`a\0\r\n\u202E${'x'.repeat(500)}`]: 1 }, now)
  const field = parsed.ok ? '' : parsed.rejection.field
  expect(field).toBe(`a\uFFFD\uFFFD\uFFFD\uFFFD${'x'.repeat(95)}`)
})

describe('the bounds of an event', () => {
  const note = { ...placed, type: 'note.added' }
  const x = (length: number) => 'x'.repeat(length)

  test.for([
    ['source', 100],
    ['id', 200],
    ['order', 200],
    ['stage', 200],
    ['actor', 200],
  ] as const)('%s has up to %d characters', ([field, limit]) => {
    expect(accepted({ ...entered, [field]: x(limit) })[field]).toHaveLength(limit)
    expect(refusal({ ...entered, [field]: x(limit + 1) })).toEqual(['invalid_field', field])
    // Blanks around it are cut, but count before.
    expect(refusal({ ...entered, [field]: `${x(limit)} ` })).toEqual(['invalid_field', field])
  })

  test.for([
    ['quantity', 0],
    ['quantity', 1e15],
    ['amount', 0.01],
    ['customer', 'x'.repeat(200)],
    ['customer', ''],
    ['concurrent', false],
    ['instance', '7'],
  ] as const)('the fact %s may be %j', ([name, value]) => {
    expect(accepted({ ...entered, data: { [name]: value } }).data).toEqual({ [name]: value })
  })

  test.for([
    ['quantity', -0.01],
    ['quantity', 1e15 + 1],
    ['concurrent', 'true'],
    ['instance', 7],
    ['currency', 'EURO'],
    ['currency', ''],
  ] as const)('the fact %s may not be %j', ([name, value]) => {
    expect(refusal({ ...entered, data: { [name]: value } })).toEqual(['invalid_field', `data.${name}`])
  })

  test('a sequence is a whole number from 0 on', () => {
    expect(accepted({ ...entered, sequence: 0 }).sequence).toBe(0)
    expect(accepted({ ...entered, sequence: 2 ** 53 - 1 }).sequence).toBe(2 ** 53 - 1)
  })

  test('a hold ends after its beginning, within 366 days', () => {
    const held = { ...placed, type: 'order.held' }
    const until = (days: number) => new Date(Date.UTC(2026, 10, 22, 8, 15) + days * 24 * hourMs).toISOString()
    const allowed = [1 / 86_400, 366]
    const refused = [0, -1, 366 + 1 / 86_400]
    for (const days of allowed) expect(accepted({ ...held, data: { until: until(days) } }).data).toHaveProperty('until')
    for (const days of refused)
      expect(refusal({ ...held, data: { until: until(days) } })).toEqual(['invalid_field', 'data.until'])
    expect(accepted({ ...held, data: { until: null, reason: 'paper', changesHold: true } }).data).toEqual({
      reason: 'paper',
      changesHold: true,
    })
    expect(accepted({ ...note, data: { until: 'soon' } }).data).toEqual({ until: 'soon' })
  })

  test('an assignment names the owner in normal form', () => {
    const assigned = { ...placed, type: 'order.assigned' }
    expect(accepted({ ...assigned, data: { owner: ' ａnn ', reason: 'x' } }).data).toEqual({
      owner: 'ann',
      reason: 'x',
    })
    expect(refusal({ ...assigned, data: {} })).toEqual(['missing_field', 'data.owner'])
    expect(refusal({ ...assigned, data: { owner: 5 } })).toEqual(['invalid_field', 'data.owner'])
    expect(refusal({ ...assigned, data: { owner: x(201) } })).toEqual(['invalid_field', 'data.owner'])
  })

  test('only some events may name a stage without one of their own', () => {
    for (const type of ['order.assigned', 'order.acknowledged', 'note.added'])
      expect(accepted({ ...placed, type, stage: 'packing', data: { owner: 'u7' } }).stage).toBe('packing')
    for (const type of ['order.placed', 'order.held', 'order.completed', 'position.reported'])
      expect(refusal({ ...placed, type, stage: 'packing' })).toEqual(['invalid_field', 'stage'])
  })

  test('the first problem of an event is told', () => {
    expect(refusal({ ...entered, source: 5, id: 5, color: 'red' })).toEqual(['invalid_field', 'color'])
    expect(refusal({ ...entered, source: 5, id: 5 })).toEqual(['invalid_field', 'source'])
    expect(refusal({ ...entered, occurredAt: 'soon', data: [] })).toEqual(['invalid_time', 'occurredAt'])
  })

  test('data may hold every value of JSON', () => {
    const data = { a: null, b: true, c: [false, 1.5, 'x', []], d: {}, '': '' }
    expect(accepted({ ...note, data }).data).toEqual(data)
    expect(refusal({ ...note, data: { a: undefined, b: () => 1 } })).toEqual(['invalid_field', 'data.b'])
    expect(refusal({ ...note, data: { a: [1, Number.NaN] } })).toEqual(['invalid_field', 'data.a[1]'])
    expect(refusal({ ...note, data: { a: 10n } })).toEqual(['invalid_field', 'data.a'])
  })

  test('data of many numbers are measured as they are written', () => {
    const frame = '{"list":[]}'.length
    // Each number takes two bytes with its comma, and the last one has none.
    const list = (count: number) => Array.from({ length: count }, () => 1)
    const most = (16 * 1024 - frame + 1) / 2
    expect(accepted({ ...note, data: { list: list(most) } }).data['list']).toHaveLength(most)
    expect(refusal({ ...note, data: { list: list(most + 1) } })).toEqual(['invalid_field', 'data'])
  })
})
