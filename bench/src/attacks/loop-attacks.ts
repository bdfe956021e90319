import { io } from 'socket.io-client'
import type { AttackedServer } from './attack.ts'

const kib = 1024
const mib = 1024 * kib
const minuteMs = 60_000
const attackedCalendar = 'attacked'

/** An input that tries to hold the event loop. @param run the number of the run, for names that must be new in each. */
export interface LoopAttack {
  readonly name: string
  readonly carryOut: (server: AttackedServer, run: number) => Promise<unknown>
}

/** JSON of about so many bytes that costs more to parse or to check than it looks, by what it consists of. */
const hostileJson = {
  'nested lists': (bytes: number) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2),
  'nested objects': (bytes: number) => '{"a":'.repeat(bytes / 6) + '1' + '}'.repeat(bytes / 6),
  'empty lists': (bytes: number) => listOf('[]', bytes),
  'empty objects': (bytes: number) => listOf('{}', bytes),
  numbers: (bytes: number) => listOf('1', bytes),
  texts: (bytes: number) => listOf('"abcdefghij"', bytes),
  'different keys': (bytes: number) => `{${repeated(bytes / 12, (i) => `"k${i.toString(36)}":1`).join(',')}}`,
  'one text of escapes': (bytes: number) => `"${'\\u0041'.repeat(bytes / 6 - 1)}"`,
  'one long text': (bytes: number) => `"${'x'.repeat(bytes - 2)}"`,
  'brackets that are never closed': (bytes: number) => `[${'{"a":['.repeat(bytes / 6)}`,
} as const satisfies Readonly<Record<string, (bytes: number) => string>>

/** The attacks by kind. A server must hold the events of a plant, and the order `GIANT`, see `fillGiant`. */
export const loopAttacks: Readonly<Record<string, readonly LoopAttack[]>> = {
  'JSON bodies of 8 MiB': [
    ...bodies('events', 8 * mib, (json) => ['/api/v1/events', json]),
    ...bodies('a list of events', 8 * mib - kib, (json) => ['/api/v1/events', `{"events":[${json}]}`]),
    ...bodies('the data of an event', 7 * mib, (json) => ['/api/v1/events', eventWith(json)]),
    ...bodies('events that are only checked', 7 * mib, (json) => ['/api/v1/imports/trial', `{"events":${json}}`]),
    ...bodies('a configuration', 8 * mib - kib, (json) => ['/api/v1/admin/config/diff', `{"processes":${json}}`]),
  ],
  'rules of 1 MiB': [
    ...bodies('stages', mib - kib, (json) => ['/api/v1/admin/processes/p', `{"code":"p","stages":${json}}`, 'PUT']),
    ...bodies('a draft', mib - kib, (json) => ['/api/v1/admin/processes/p/draft', json, 'PUT']),
    ...bodies('a calendar', mib - kib, (json) => [
      '/api/v1/admin/calendars/c',
      `{"code":"c","versions":${json}}`,
      'PUT',
    ]),
    ...bodies('calendars of departments', mib - kib, (json) => [
      '/api/v1/admin/calendar-choice',
      `{"departments":${json}}`,
      'PUT',
    ]),
  ],
  '10,000 events in a request': [
    events('of an order each', 10_000, (i, run) => ({ order: `NEW-${run}-${i}` })),
    events('of one order, backwards', 10_000, (i, run) => ({ order: `BACK-${run}`, occurredAt: ago(i) })),
    events('at one instant', 10_000, (_, run) => ({ order: `SAME-${run}`, occurredAt: ago(0) })),
    events('of one identity', 10_000, (_, run) => ({ id: `same-${run}` })),
    events('with a new stage each', 10_000, (i, run) => ({
      order: `S-${run}`,
      stage: `s-${run}-${i}`.padEnd(200, 'x'),
    })),
    events('with invalid times', 10_000, (i) => ({ occurredAt: `never ${i}` })),
    events('that void others', 10_000, (i, run) => ({
      type: 'event.voided',
      stage: undefined,
      order: `VOID-${run}`,
      data: { source: 'attack', id: `void-${i}` },
    })),
    events('with 16 KiB of text', 500, (i, run) => ({ order: `T-${run}-${i}`, data: { note: 'x'.repeat(16_000) } })),
    events('with a thousand keys', 500, (i, run) => ({
      order: `K-${run}-${i}`,
      data: Object.fromEntries(repeated(1_000, (key) => [`k${i}-${key}`, key])),
    })),
  ],
  'an order with 20,000 events': [
    events('a late one', 1, (_, run) => ({ order: 'GIANT', occurredAt: ago(10 * 24 * 60 + run / 60) })),
    page('its page', '/api/v1/orders/GIANT?limit=1000'),
    page('its progress', '/api/v1/orders/GIANT/progress'),
  ],
  'holiday lists': [
    calendarLines('every year since the first', 1_000, ['DTSTART;VALUE=DATE:00010101', 'RRULE:FREQ=YEARLY']),
    calendarLines('every second', 1_000, ['DTSTART:19000101T000000', 'RRULE:FREQ=SECONDLY;BYSECOND=1,2,3']),
    calendarLines('to the last year', 1_000, ['DTSTART;VALUE=DATE:00010101', 'DTEND;VALUE=DATE:99991231']),
    calendarLines('without 6,000 days', 1, [
      'DTSTART;VALUE=DATE:20250101',
      'RRULE:FREQ=YEARLY',
      `EXDATE:${'20250101,'.repeat(6_000)}20250101`,
    ]),
    calendarLines('folded 100,000 times', 1, [`SUMMARY:x${'\r\n x'.repeat(100_000)}`]),
    calendarLines('with parameters', 1, [`DTSTART${';A="B'.repeat(100_000)}:x`]),
    ...Object.entries(hostileJson).map(([name, make]) =>
      holidays(`a yearly file, ${name}`, { format: 'holiday-cn', text: `{"year":2026,"days":${make(900_000)}}` }),
    ),
  ],
  'sign-in, addresses and headers': [
    signIn('a long password', { email: 'a@example.com', password: 'x'.repeat(15 * kib) }),
    signIn('an address of dots', { email: `${'a.'.repeat(7 * kib)}@example.com`, password: 'x' }),
    signIn('a host of dots', { email: `a@${'b.'.repeat(7 * kib)}c`, password: 'x' }),
    signIn('a host of dashes', { email: `a@${'-'.repeat(14 * kib)}`, password: 'x' }),
    page('a path of dots', `/${'a/../'.repeat(2 * kib)}x`),
    page('a path of escapes', `/api/v1/orders/${'%25'.repeat(4 * kib)}`),
    page('a path of slashes', `/assets/${'/'.repeat(12 * kib)}`),
    page('1,500 cookies', '/api/v1/me', { cookie: repeated(1_500, (i) => `a${i}=b`).join('; ') }),
    page('3,000 languages', '/wall/basic', { 'accept-language': repeated(3_000, () => 'a;q=0').join(',') }),
    page('1,500 proxies', '/api/v1/start', { 'x-forwarded-for': repeated(1_500, () => '1.1.1.1').join(',') }),
  ],
  'searches and lists': [
    page('a search', '/api/v1/orders?q=SO-1-1'),
    page('a search of 100 characters', `/api/v1/orders?q=${'S'.repeat(100)}`),
    page('a sorted list', '/api/v1/orders?limit=500&sort=-customer'),
    page('900 customers', `/api/v1/stages/stats?${repeated(900, (i) => `customer=C-${i}`).join('&')}`),
    page('how late events came', '/api/v1/analysis/lag?rows=actor'),
    page('a file of orders', '/api/v1/orders.csv'),
    page('a workbook of orders', '/api/v1/orders.xlsx'),
  ],
  'messages on a socket': ['board:join', 'board:seen', 'query:watch'].flatMap((event) =>
    Object.entries(hostileJson)
      .filter(([name]) => !name.includes('never closed'))
      .map(([name, make]) => ({
        name: `${event} with ${name}`,
        carryOut: (server: AttackedServer) => emit(server, event, JSON.parse(make(60 * kib))),
      })),
  ),
}

type Sent = readonly [path: string, body: string, method?: string]

function bodies(what: string, bytes: number, sent: (json: string) => Sent): LoopAttack[] {
  return Object.entries(hostileJson).map(([name, make]) => ({
    name: `${what}: ${name}`,
    carryOut(server) {
      const [path, body, method = 'POST'] = sent(make(bytes))
      return server.send(path, { method, body })
    },
  }))
}

function eventWith(data: string): string {
  return `[${JSON.stringify(eventOf(0, 0)).slice(0, -1)},"data":{"x":${data}}}]`
}

function eventOf(i: number, run: number, change: object = {}): object {
  const identity = { source: 'attack', id: `${run}-${i}-${Math.random()}`, type: 'stage.entered', order: `A-${i}` }
  return { ...identity, stage: 'picking', occurredAt: ago(1), ...change }
}

function ago(minutes: number): string {
  return new Date(Date.now() - minutes * minuteMs).toISOString()
}

function events(name: string, count: number, change: (i: number, run: number) => object): LoopAttack {
  const list = (run: number): object[] => repeated(count, (i) => eventOf(i, run, change(i, run)))
  return { name, carryOut: (server, run) => server.send('/api/v1/events', { body: JSON.stringify(list(run)) }) }
}

function page(name: string, path: string, headers: Record<string, string> = {}): LoopAttack {
  return { name, carryOut: (server) => server.send(path, { headers }) }
}

function signIn(name: string, body: object): LoopAttack {
  const headers = (server: AttackedServer) => ({ authorization: '', origin: server.url })
  return {
    name,
    carryOut: (server) =>
      server.send('/api/auth/sign-in/email', { body: JSON.stringify(body), headers: headers(server) }),
  }
}

function holidays(name: string, body: object): LoopAttack {
  const path = `/api/v1/admin/calendars/${attackedCalendar}/holidays`
  return { name, carryOut: (server) => server.send(path, { body: JSON.stringify(body) }) }
}

function calendarLines(name: string, count: number, lines: readonly string[]): LoopAttack {
  const each = ['BEGIN:VEVENT', 'UID:1', 'SUMMARY:x', ...lines, 'END:VEVENT'].join('\r\n')
  const text = ['BEGIN:VCALENDAR', 'VERSION:2.0', ...repeated(count, () => each), 'END:VCALENDAR'].join('\r\n')
  return holidays(`iCalendar ${name}`, { format: 'icalendar', text })
}

/** A socket may be cut instead of getting an answer. */
async function emit(server: AttackedServer, event: string, payload: unknown): Promise<void> {
  const socket = io(server.url, { transports: ['websocket'], forceNew: true, reconnection: false })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('connect_error', reject)
    })
    await socket
      .timeout(2_000)
      .emitWithAck(event, payload)
      .catch(() => undefined)
  } finally {
    socket.disconnect()
  }
}

/** Stores what the attacks need besides the events of a plant. */
export async function prepareAttacks(server: AttackedServer): Promise<void> {
  const shifts = [{ from: '08:00', to: '17:00' }]
  const version = { timeZone: 'UTC', week: { 1: shifts }, holidays: [] }
  const calendar = { code: attackedCalendar, name: { en: 'Attacked', zh: '受攻击' }, versions: [version] }
  await server.send(`/api/v1/admin/calendars/${attackedCalendar}`, { method: 'PUT', body: JSON.stringify(calendar) })
  for (let from = 0; from < 20_000; from += 1_000) {
    const stage = (i: number): string => ['picking', 'packing'][i % 2] ?? ''
    const list = repeated(1_000, (i) =>
      eventOf(from + i, 0, { order: 'GIANT', stage: stage(i), occurredAt: ago(20_000 - from - i) }),
    )
    await server.post('/api/v1/events', list)
  }
}

function listOf(item: string, bytes: number): string {
  return `[${repeated(bytes / (item.length + 1) - 2, () => item).join(',')}]`
}

function repeated<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: Math.floor(count) }, (_, i) => make(i))
}
