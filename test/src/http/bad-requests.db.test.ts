import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'
import type { Reply } from './call.ts'
import { expectProblem } from './expect-problem.ts'
import { openConnection, rawBody, rawRequest } from './raw-request.ts'
import { rowCounts } from './row-counts.ts'
import { someEvent } from './some-event.ts'

let server: StartedServer
let key: string
let before: Awaited<ReturnType<typeof rowCounts>>

beforeAll(async () => {
  server = await startServer({ clock: new VirtualClock(Date.UTC(2026, 10, 22, 12)) })
  key = await server.createKey(['ingest', 'read'])
})
afterAll(() => server.close())

beforeEach(async () => {
  before = await rowCounts(server.database)
})

/** The server survives every request. */
afterEach(async () => {
  expect(await call(`${server.url}/healthz`)).toMatchObject({ status: 200, body: { status: 'ok' } })
})

async function expectNothingStored(): Promise<void> {
  expect(await rowCounts(server.database)).toEqual(before)
}

/** A bad event is quarantined and changes nothing else. */
async function expectQuarantined(count: number): Promise<void> {
  expect(await rowCounts(server.database)).toEqual({ ...before, quarantine: before['quarantine']! + count })
}

function send(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  return call(`${server.url}/api/v1/events`, { key, body, headers })
}

describe('a request that is not a list of events', () => {
  const event = JSON.stringify(someEvent())
  it.each([
    ['an empty body', ''],
    ['half an event', event.slice(0, -9)],
    ['NaN', event.replace('"wms"', 'NaN')],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"x"'],
    ['an empty array', '[]'],
    ['an object with events and more', `{"events":[${event}],"more":1}`],
    ['events that are no array', '{"events":{}}'],
    ['a trailing comma', `[${event},]`],
    ['two documents', `${event}${event}`],
  ])('is refused: %s', async (_, body) => {
    expectProblem(await send(body), 400, 'bad_request')
    await expectNothingStored()
  })

  it('is refused: nested a hundred thousand deep', async () => {
    expectProblem(await send('['.repeat(100_000)), 400, 'bad_request')
    await expectNothingStored()
  })

  it('is refused: bytes that are no UTF-8', async () => {
    const bytes = Buffer.from(JSON.stringify(someEvent({ order: 'SO-?' })))
    bytes[bytes.indexOf('?')] = 0xff
    expectProblem(await send(bytes), 400, 'bad_request')
    await expectNothingStored()
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/xml', 'a'])(
    'is refused: %s',
    async (type) => {
      expectProblem(await send(event, { 'content-type': type }), 415, 'unsupported_media_type')
      await expectNothingStored()
    },
  )

  it('is refused: 10,001 events', async () => {
    expectProblem(await send(Array.from({ length: 10_001 }, () => 1)), 413, 'too_many_events')
    await expectNothingStored()
  })

  it('is refused: 9 MiB', async () => {
    expectProblem(await send(someEvent({ data: { text: 'x'.repeat(9 << 20) } })), 413, 'too_large')
    await expectNothingStored()
  })

  it.each(['gzip', 'br', 'deflate', 'zstd'])('is refused: %s, which is never unpacked', async (encoding) => {
    const bomb = gzipSync(Buffer.alloc(20 << 20, ' '))
    expectProblem(await send(bomb, { 'content-encoding': encoding }), 415, 'unsupported_media_type')
    await expectNothingStored()
  })
})

describe('a bad event', () => {
  it.each([
    ['no fields', {}],
    ['a number', 1],
    ['null', null],
    ['an array', []],
  ])('is rejected alone: %s', async (_, event) => {
    expect(await send([event])).toMatchObject({ status: 200, body: { accepted: 0, rejected: 1 } })
    await expectQuarantined(1)
  })

  it.each([
    ['an unknown field', { extra: 1 }, 'invalid_field', 'extra'],
    ['an id that is a number', { id: 9_007_199_254_740_993 }, 'invalid_field', 'id'],
    ['an id that is an array', { id: ['a'] }, 'invalid_field', 'id'],
    ['an id that is null', { id: null }, 'missing_field', 'id'],
    ['an id of 201 characters', { id: 'x'.repeat(201) }, 'invalid_field', 'id'],
    ['an order with NUL', { order: 'SO\0-1' }, 'invalid_text', 'order'],
    ['an order with half a surrogate pair', { order: 'SO-\uD800' }, 'invalid_text', 'order'],
    ['an order that is written backwards', { order: 'SO-\u202E1' }, 'invalid_text', 'order'],
    ['an order with an invisible character', { order: 'SO-\u200B1' }, 'invalid_text', 'order'],
    ['an order with a line break', { order: 'SO-1\r\nfake log line' }, 'invalid_text', 'order'],
    ['data with NUL', { data: { text: 'a\0b' } }, 'invalid_text', 'data.text'],
    ['data with half a surrogate pair', { data: { text: '\uDC00' } }, 'invalid_text', 'data.text'],
    ['data that is a text', { data: 'x' }, 'invalid_field', 'data'],
    ['data nested too deep', { data: nested(9) }, 'invalid_field', expect.stringMatching(/^data(\.a)+$/)],
    ['data nested ninety deep', { data: nested(90) }, 'invalid_field', expect.stringMatching(/^data(\.a)+$/)],
    ['data of more than 16 KiB', { data: { text: 'x'.repeat(16 << 10) } }, 'invalid_field', 'data'],
    ['a sequence that is a text', { sequence: '1' }, 'invalid_field', 'sequence'],
    ['a sequence below 0', { sequence: -1 }, 'invalid_field', 'sequence'],
    [
      'a quantity that is a text',
      { type: 'order.placed', stage: null, data: { quantity: '5' } },
      'invalid_field',
      'data.quantity',
    ],
    ['no offset', { occurredAt: '2026-11-22T08:15:00' }, 'invalid_time', 'occurredAt'],
    ['epoch milliseconds', { occurredAt: 1_795_000_000_000 }, 'invalid_time', 'occurredAt'],
    ['a day that is not', { occurredAt: '2026-02-30T00:00:00Z' }, 'invalid_time', 'occurredAt'],
    ['hour 24', { occurredAt: '2026-11-22T24:00:00Z' }, 'invalid_time', 'occurredAt'],
    ['a leap second', { occurredAt: '2016-12-31T23:59:60Z' }, 'invalid_time', 'occurredAt'],
    ['an offset of 25 hours', { occurredAt: '2026-11-22T08:15:00+25:00' }, 'invalid_time', 'occurredAt'],
    ['the year 0', { occurredAt: '0000-01-01T00:00:00Z' }, 'invalid_time', 'occurredAt'],
    ['the year 275760', { occurredAt: '+275760-09-13T00:00:00Z' }, 'invalid_time', 'occurredAt'],
    ['the year 9999', { occurredAt: '9999-12-31T23:59:59Z' }, 'occurred_in_future', 'occurredAt'],
  ])('is rejected alone: %s', async (_, fields, code, field) => {
    const reply = await send([someEvent(fields)])
    expect(reply).toMatchObject({ status: 200, body: { rejected: 1, results: [{ status: 'rejected', code, field }] } })
    await expectQuarantined(1)
  })

  it.each([
    ['nested five thousand deep', () => JSON.stringify(nested(5_000))],
    ['nested a million deep', () => `${'['.repeat(1 << 20)}${']'.repeat(1 << 20)}`],
    ['of a million lists', () => `[${'[],'.repeat(1 << 20)}[]]`],
    ['of half a million keys', () => `{${Array.from({ length: 500_000 }, (_, i) => `"k${i}":1`).join(',')}}`],
  ])('is rejected alone, without being read: with data %s', async (_, dataOf) => {
    const bad = JSON.stringify(someEvent({ data: { x: 1 } })).replace('{"x":1}', dataOf())
    expect(await send(`[${bad},1]`)).toMatchObject({
      status: 200,
      body: {
        rejected: 2,
        results: [
          { status: 'rejected', code: 'invalid_field', message: expect.stringContaining('an event must be shorter') },
          { status: 'rejected', code: 'invalid_field', message: 'an event must be an object' },
        ],
      },
    })
    await expectQuarantined(2)
  })

  it.each([
    '"__proto__":{"polluted":1}',
    '"constructor":{"prototype":{"polluted":1}}',
    '"\\u005f_proto__":{"polluted":1}',
  ])('cannot pollute prototypes: %s', async (field) => {
    const text = JSON.stringify(someEvent({ data: { x: 1 } }))
    const replies = [
      await send(text.replace('{', `{${field},`)),
      await send(text.replace('"x":1', field)),
      await send(text.replace('"x":1', `"x":{${field}}`)),
    ]
    for (const reply of replies)
      expect(reply).toMatchObject({ status: 200, body: { rejected: 1, results: [{ code: 'invalid_field' }] } })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    await expectQuarantined(3)
  })

  it('that is JSON which overflows a number is rejected alone', async () => {
    const text = JSON.stringify(someEvent({ data: { x: 1 } })).replace('"x":1', '"x":1e400')
    expect((await send(text)).body).toMatchObject({
      rejected: 1,
      results: [{ code: 'invalid_field', field: 'data.x' }],
    })
    await expectQuarantined(1)
  })
})

describe('a text that the database cannot store', () => {
  const process = (name: string) => ({
    code: 'default',
    name: { en: name },
    stages: [],
    acceptsNewStages: true,
    goals: {},
  })

  it.each([
    ['NUL', 'a\0b'],
    ['half a surrogate pair', 'a\uDC00b'],
  ])('is refused in any field of any request: %s', async (_, text) => {
    const admin = await server.createKey(['admin'])
    for (const [path, field, body] of [
      ['admin/processes/default', 'name.zh', process(text)],
      ['admin/processes/default/draft', 'definition.name.zh', { definition: process(text), base: null }],
      ['sources/wms', 'name.zh', { name: { en: text } }],
      ['people/%00', 'id', { role: 'viewer' }],
      ['uploads', 'file', { file: text, bytes: 1 }],
    ] as const) {
      const method = path === 'uploads' ? 'POST' : 'PUT'
      const reply = await call(`${server.url}/api/v1/${path}`, { key: admin, method, body })
      expectProblem(reply, 400, 'invalid_text')
      expect(reply.body).toMatchObject({ details: [{ field }] })
    }
    expectProblem(await call(`${server.url}/api/v1/orders?q=%00`, { key }), 400, 'invalid_text')
  })

  it('is rejected alone in a trial of events', async () => {
    const body = { events: [someEvent({ order: 'a\0b' }), someEvent()] }
    expect(await call(`${server.url}/api/v1/imports/trial`, { key, body })).toMatchObject({
      status: 200,
      body: { rejected: 1, accepted: 1 },
    })
  })
})

describe('unusual but valid input', () => {
  it('the last of several equal keys counts, as in most JSON parsers', async () => {
    const event = someEvent()
    const text = JSON.stringify(event).replace('{', '{"id":"first",')
    expect((await send(text)).body).toMatchObject({ accepted: 1 })
    expect(await server.database.query(`select id from events where id in ('first', $1)`, [event['id']])).toEqual([
      { id: event['id'] },
    ])
  })

  it.each([
    '📦订单-𠮷',
    "'; drop table events; --",
    '$1 {{7*7}} ${7*7} %s%n',
    '<img src=x onerror=alert(1)>',
    '=HYPERLINK("http://evil.example")',
    '../../etc/passwd',
    'a/b?c#d%20',
  ])('an order may be called %s', async (order) => {
    expect((await send(someEvent({ order }))).body).toMatchObject({ accepted: 1 })
    const reply = await call(`${server.url}/api/v1/orders/${encodeURIComponent(order)}`, { key })
    expect(reply).toMatchObject({ status: 200, body: { order } })
  })

  it('a byte order mark before the JSON is skipped', async () => {
    expect((await send(`\uFEFF${JSON.stringify([someEvent()])}`)).body).toMatchObject({ accepted: 1 })
  })

  it('spellings that look alike are one order', async () => {
    await send([someEvent({ order: 'ＳＯ－ｘ' }), someEvent({ order: ' SO-x ' })])
    expect(await call(`${server.url}/api/v1/orders/SO-x`, { key })).toMatchObject({
      status: 200,
      body: { events: [{ stage: 'packing' }, { stage: 'packing' }] },
    })
  })
})

describe('a client that sends invalid HTTP', () => {
  const head = 'POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n'

  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400, 'bad_request'],
    ['an unknown method', 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'bad_request'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01', 400, 'bad_request'],
    ['a negative length', `${head}Content-Length: -1\r\n\r\n`, 400, 'bad_request'],
    [
      'a length and chunks',
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'bad_request',
    ],
    ['a bad chunk', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400, 'bad_request'],
    ['NUL in a header', `${head}X: a\0b\r\n\r\n`, 400, 'bad_request'],
    ['lines that end in LF', 'GET / HTTP/1.1\nHost: a\n\n', 400, 'bad_request'],
    ['lengths that differ', `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400, 'bad_request'],
    ['1,500 headers', `${head}${'X: 12345678\r\n'.repeat(1_500)}\r\n`, 431, 'too_large'],
    ['a header of 20,000 characters', `${head}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'too_large'],
    ['an address of 20,000 characters', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431, 'too_large'],
  ] as const)('gets an error: %s', async (_, request, status, code) => {
    const reply = await rawRequest(server.url, request)
    expectProblem({ status: reply.status, body: rawBody(reply.text) }, status, code)
    await expectNothingStored()
  })

  it('gets an error: no host, or no version of HTTP', async () => {
    const noHost = await rawRequest(server.url, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')
    expect(noHost.status).toBe(400)
    const noVersion = await rawRequest(server.url, 'GET /nothing\r\n\r\n')
    expectProblem({ status: noVersion.status, body: rawBody(noVersion.text) }, 404, 'not_found')
  })

  it('gets an error: two hosts', async () => {
    const reply = await rawRequest(
      server.url,
      'GET /api/v1/board HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    )
    expectProblem({ status: reply.status, body: rawBody(reply.text) }, 400, 'bad_request')
  })

  it.each(['TRACE', 'PUT', 'DELETE'])('finds nothing to %s', async (method) => {
    const reply = await rawRequest(
      server.url,
      `${method} /api/v1/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
    )
    expectProblem({ status: reply.status, body: rawBody(reply.text) }, 404, 'not_found')
  })

  it.each(['/%zz', '/%c0%ae', '/api/v1/orders/%zz'])('gets an error: the address %s', async (path) => {
    expectProblem(await call(`${server.url}${path}`), 400, 'bad_request')
  })

  it.each(['/nothing', '/api/v1/nothing', '/api/v2/events', '/../../etc/passwd', '/assets/..%2f..%2fpackage.json'])(
    'finds nothing at %s',
    async (path) => {
      expectProblem(await call(`${server.url}${path}`), 404, 'not_found')
    },
  )

  it('that disconnects in the middle of its body has sent nothing', async () => {
    const socket = await openConnection(server.url)
    socket.write(`${head}Authorization: Bearer ${key}\r\nContent-Length: 1000\r\n\r\n[{"source":"wms"`)
    expect((await call(`${server.url}/healthz`)).status).toBe(200)
    socket.destroy()
    await once(socket, 'close')
    await expectNothingStored()
  })

  it('that is slow or silent delays nobody and is disconnected in the end', async () => {
    const [slow, silent] = [await openConnection(server.url), await openConnection(server.url)]
    const closed = [slow, silent].map((socket) => once(socket.resume(), 'close'))
    slow.write('POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: ')
    expect((await call(`${server.url}/healthz`)).status).toBe(200)
    await Promise.all(closed)
    await expectNothingStored()
  })

  it('with a body that does not come is disconnected after a minute at the latest', () => {
    const { requestTimeout, headersTimeout, timeout } = server.server.http.server
    expect({ requestTimeout, headersTimeout, timeout }).toEqual({
      requestTimeout: 60_000,
      headersTimeout: 5_000,
      timeout: 60_000,
    })
  })
})

function nested(depth: number): unknown {
  let value: unknown = {}
  for (let i = 1; i < depth; i++) value = { a: value }
  return value
}
