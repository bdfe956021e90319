import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { enqueueMessages } from '@stagewatch/server/channels/enqueue-messages.ts'
import type { NewMessage } from '@stagewatch/server/channels/enqueue-messages.ts'
import { channel, channelList, channelTestAnswer } from '@stagewatch/shared/contract/channels.ts'
import { messageLog } from '@stagewatch/shared/contract/message-log.ts'
import type { LoggedMessage } from '@stagewatch/shared/contract/message-log.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import type { CallOptions } from '../http/call.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { tablesWith } from '../harness/tables-with.ts'
import { openMailBox } from '../identity/mail-box.ts'
import type { MailBox } from '../identity/mail-box.ts'
import { recipients, requestsFor, secrets, startProviders } from './fake-providers.ts'
import type { FakeProviders, Provider } from './fake-providers.ts'

const beginAt = Date.parse('2026-11-24T09:00:00+08:00')
const minuteMs = 60_000
const clock = new VirtualClock(beginAt)
const secretsKey = Buffer.alloc(32, 9).toString('base64')
let server: StartedServer
let providers: FakeProviders
let mailBox: MailBox
let key: string

beforeAll(async () => {
  mailBox = await openMailBox()
  providers = await startProviders(() => clock.now())
  server = await startServer({
    clock,
    variables: {
      WEBHOOK_PRIVATE_NETWORKS: 'on',
      SECRETS_KEY: secretsKey,
      PUBLIC_URL: 'http://127.0.0.1:1',
      ...mailBox.variables,
    },
  })
  key = await server.createKey(['admin'])
})
afterAll(async () => {
  await server.close()
  providers.close()
  await mailBox.close()
})
beforeEach(() => {
  // Budgets used up by the previous test are available again.
  clock.advanceTo(clock.now() + 2 * minuteMs)
  providers.misbehaviour = undefined
  providers.culprit = undefined
  providers.taken.length = 0
  providers.wrong.length = 0
})

function api(path: string, options: CallOptions = {}) {
  return call(`${server.url}/api/v1/${path}`, { key, ...options })
}

async function create(of: Provider, change: object = {}): Promise<string> {
  const body = { name: of, settings: {}, ...requestsFor(providers.url)[of], ...change }
  const reply = await api('channels', { body })
  expect(reply).toMatchObject({ status: 200 })
  return channel.parse(reply.body).id
}

let made = 0
function message(change: Partial<ChannelMessage> = {}): ChannelMessage {
  made += 1
  return {
    severity: 'warning',
    title: `Packing overdue ${made}`,
    lines: ['since 09:00'],
    link: `/orders/SO-${made}`,
    language: 'en',
    orders: [`SO-${made}`],
    dedupeKey: `test-${made}`,
    ...change,
  }
}

function enqueue(...added: NewMessage[]): Promise<string[]> {
  return server.database.transaction((tx) => enqueueMessages(tx, 'main', added, clock.now()))
}

/** Starts the background delivery without waiting for it. */
const deliver = () => server.server.messages.runDue()

async function pass(ms: number): Promise<void> {
  clock.advanceTo(clock.now() + ms)
  await deliver()
}

async function log(query = ''): Promise<LoggedMessage[]> {
  return messageLog.parse((await api(`messages?limit=200${query}`)).body).messages
}

async function logged(id: string): Promise<LoggedMessage | undefined> {
  return (await log()).find((each) => each.id === id)
}

describe('every channel', () => {
  it('sends messages in the format and with the signature of its provider, and recognizes that they were accepted', async () => {
    for (const provider of Object.keys(requestsFor('')) as Provider[]) {
      const to = recipients[provider] ?? ''
      const [id = ''] = await enqueue({ routes: [{ channel: await create(provider), to }], message: message() })
      await deliver()
      const state = provider === 'teams' || provider === 'topapi' ? 'sent' : 'accepted'
      expect([provider, (await logged(id))?.state, providers.wrong]).toEqual([provider, state, []])
      expect(providers.taken.at(-1)).toMatchObject({
        provider,
        text: expect.stringContaining(`SO-${made}`) as string,
      })
    }
    expect(providers.taken).toHaveLength(Object.keys(requestsFor('')).length)
  })

  it('recognizes a refusal with status 200, and shows the response without secrets', async () => {
    for (const provider of [
      'wecom',
      'dingtalk',
      'topapi',
      'feishu',
      'open-apis',
      'cgi-bin',
      'aliyun',
      'tencent',
    ] as const) {
      providers.misbehaviour = provider === 'cgi-bin' ? undefined : 'code-in-200'
      const id = await create(provider, provider === 'cgi-bin' ? { secrets: { secret: 'wrong-secret' } } : {})
      const reply = await api(`channels/${id}/test`, { body: { to: recipients[provider] ?? '' } })
      expect([provider, channelTestAnswer.parse(reply.body)]).toMatchObject([
        provider,
        { result: 'refused', status: 200 },
      ])
    }
    providers.misbehaviour = undefined
    const id = await create('dingtalk', {
      secrets: { url: `${providers.url}/dingtalk/send?access_token=abcdef0123456789`, secret: 'SECwrong-secret' },
    })
    const tested = channelTestAnswer.parse((await api(`channels/${id}/test`, { body: {} })).body)
    expect(tested).toMatchObject({ result: 'refused', code: '310000', cause: 'signature' })
    expect(tested.answer).toContain('sign not match')
  })

  it('sends mail through a mail server', async () => {
    const port = Number(new URL(mailBox.variables['SMTP_URL'] ?? '').port)
    const settings = { host: '127.0.0.1', port, security: 'none', from: 'warnings@example.com' }
    const reply = await api('channels', { body: { kind: 'email', name: 'Mail', settings } })
    const own = channel.parse(reply.body).id
    const installation = channel.parse(
      (await api('channels', { body: { kind: 'email', name: 'x', settings: {} } })).body,
    ).id
    for (const id of [own, installation]) {
      const [sent = ''] = await enqueue({ routes: [{ channel: id, to: 'li@example.com' }], message: message() })
      await deliver()
      expect(await mailBox.next('li@example.com')).toContain(`SO-${made}`)
      expect((await logged(sent))?.state).toBe('sent')
    }
  })
})

describe('a message', () => {
  it('is sent once per recipient however often it is requested, and not if its transaction is rolled back', async () => {
    const id = await create('slack')
    const added: NewMessage = { routes: [{ channel: id, to: '' }], message: message() }
    await expect(
      server.database.transaction(async (tx) => {
        await enqueueMessages(tx, 'main', [added], clock.now())
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    await deliver()
    expect(providers.taken).toEqual([])
    expect([await enqueue(added, added), await enqueue(added)].flat()).toHaveLength(1)
    await deliver()
    await deliver()
    expect(providers.taken).toHaveLength(1)
  })

  it('is retried after a temporary failure, and each attempt is listed', async () => {
    const id = await create('wecom')
    const [sent = ''] = await enqueue({ routes: [{ channel: id, to: '' }], message: message() })
    for (const [how, waitMs] of [
      ['error-500', 5_000],
      ['reset', 30_000],
      ['limit-in-200', 61_000],
      ['limit-429', 121_000],
    ] as const) {
      providers.misbehaviour = how
      await deliver()
      expect([how, await logged(sent)]).toMatchObject([how, { state: 'retried' }])
      clock.advanceTo(clock.now() + waitMs)
    }
    providers.misbehaviour = undefined
    await deliver()
    const { attempts = [], state } = (await logged(sent)) ?? {}
    expect(state).toBe('accepted')
    expect(attempts.map(({ result, status, code }) => [result, status, code])).toEqual([
      ['retried', 500, undefined],
      ['retried', undefined, undefined],
      ['retried', 200, '45009'],
      ['retried', 429, undefined],
      ['accepted', 200, undefined],
    ])
    expect(providers.taken).toHaveLength(1)
  })

  it('that was accepted by a provider whose answer was lost is repeated once, with the same id where there is one', async () => {
    for (const provider of ['wecom', 'open-apis', 'aliyun', 'tencent', 'webhook'] as const) {
      const to = recipients[provider] ?? ''
      const [sent = ''] = await enqueue({ routes: [{ channel: await create(provider), to }], message: message() })
      providers.misbehaviour = 'reset-after-accepting'
      await deliver()
      expect([provider, await logged(sent)]).toMatchObject([provider, { state: 'retried' }])
      providers.misbehaviour = undefined
      await pass(6_000)
      await pass(60_000)
      expect([provider, await logged(sent)]).toMatchObject([provider, { state: 'accepted' }])
      const ids = providers.taken.filter(({ text }) => text.includes(`SO-${made}`)).map(({ requestId }) => requestId)
      expect([provider, ids.length, new Set(ids).size]).toEqual([provider, 2, 1])
      expect([provider, ids[0] === undefined]).toEqual([provider, provider === 'wecom'])
    }
  })

  it('falls back to the next channel when it is refused or has failed too often, and can be resent', async () => {
    const [broken, next] = [await create('wecom'), await create('slack')]
    providers.misbehaviour = 'code-in-200'
    const routes = [
      { channel: broken, to: '' },
      { channel: next, to: '' },
      { channel: 'inbox', to: 'nobody' },
    ] as const
    const [sent = ''] = await enqueue({ routes, message: message() })
    await deliver()
    expect(await logged(sent)).toMatchObject({ state: 'refused', attempts: [{ code: '93000' }] })
    providers.misbehaviour = 'error-500'
    for (let i = 0; i < 8; i++) await pass(40 * minuteMs)
    const found = (await log()).filter(({ orders }) => orders.includes(`SO-${made}`))
    // The first two were stored at the same instant.
    const ways = ['inbox', next, broken].flatMap((way) => found.filter(({ channelId }) => channelId === way))
    expect(found).toHaveLength(3)
    expect(ways.map(({ channelId, state }) => [channelId, state])).toEqual([
      ['inbox', 'accepted'],
      [next, 'gave-up'],
      [broken, 'refused'],
    ])
    expect(ways.map(({ fallbackOf }) => fallbackOf)).toEqual([ways[1]?.id, sent, undefined])
    expect((await log(`&state=gave-up&order=SO-${made}`)).map(({ id }) => id)).toEqual([ways[1]?.id])
    providers.misbehaviour = undefined
    expect((await api(`messages/${ways[0]?.id}/resend`, { method: 'POST' })).status).toBe(409)
    expect((await api(`messages/${ways[1]?.id}/resend`, { method: 'POST' })).status).toBe(200)
    await deliver()
    expect(providers.taken.map(({ provider }) => provider)).toEqual(['slack'])
    expect(await logged(ways[1]?.id ?? '')).toMatchObject({ state: 'accepted' })
  })

  it('is tried three times when nobody knows what the error means, and then reaches its recipient another way', async () => {
    const [strange, next] = [await create('wecom'), await create('slack')]
    providers.misbehaviour = 'unknown-in-200'
    providers.culprit = 'wecom'
    const [sent = ''] = await enqueue({
      routes: [
        { channel: strange, to: '' },
        { channel: next, to: '' },
      ],
      message: message(),
    })
    await deliver()
    expect(await logged(sent)).toMatchObject({ state: 'retried' })
    await pass(6_000)
    await pass(31_000)
    await deliver()
    const { state, attempts = [] } = (await logged(sent)) ?? {}
    expect([state, attempts.length]).toEqual(['gave-up', 3])
    const shown = { cause: 'unknown-code', code: '987654', reason: 'something new', status: 200 }
    for (const attempt of attempts) expect(attempt).toMatchObject(shown)
    expect(providers.taken.map(({ provider }) => provider)).toEqual(['slack'])
  })

  it('falls back at once when its channel is disabled or deleted', async () => {
    const [off, gone, next] = [await create('wecom', { enabled: false }), await create('wecom'), await create('slack')]
    expect((await api(`channels/${gone}`, { method: 'DELETE' })).status).toBe(200)
    for (const first of [off, gone]) {
      await enqueue({
        routes: [
          { channel: first, to: '' },
          { channel: next, to: '' },
        ],
        message: message(),
      })
    }
    await deliver()
    await deliver()
    expect(providers.taken.map(({ provider }) => provider)).toEqual(['slack', 'slack'])
  })
})

describe('a robot', () => {
  it('receives 300 orders of one second within 20 messages a minute, critical ones first, each by name', async () => {
    const id = await create('wecom')
    const routes = [{ channel: id, to: '' }] as const
    const critical = message({ severity: 'critical', title: 'Line stands still' })
    const ordinary = Array.from({ length: 299 }, () => message())
    const from = clock.now()
    // The first messages are sent one by one until little budget is left; the others are sent at once.
    for (const each of ordinary.slice(0, 16)) {
      await enqueue({ routes, message: each })
      await deliver()
    }
    await enqueue(...ordinary.slice(16).map((each) => ({ routes, message: each })))
    await deliver()
    await enqueue({ routes, message: critical })
    await deliver()
    const texts = () => providers.taken.map(({ text }) => text)
    expect(texts().findIndex((text) => text.includes('Line stands still'))).toBe(15)
    for (let round = 0; round < 20 && (await log(`&channel=${id}&state=queued`)).length > 0; round++) await pass(10_000)
    const named = new Set(texts().flatMap((text) => text.match(/\bSO-\d+\b/g) ?? []))
    expect([...ordinary, critical].flatMap(({ orders }) => orders).filter((order) => !named.has(order))).toEqual([])
    const times = providers.taken.map(({ atMs }) => atMs)
    for (const at of times) {
      expect(times.filter((other) => other >= at && other < at + minuteMs).length).toBeLessThanOrEqual(20)
    }
    expect(times.length).toBeLessThan(40)
    expect(clock.now() - from).toBeLessThan(3 * minuteMs)
    expect(providers.wrong).toEqual([])
  })

  it('is sent every order of a group that does not fit in one message, each once', async () => {
    const orders = Array.from({ length: 700 }, (_, i) => `SO-${50_000 + i}`)
    const group = message({ title: 'Overdue: 700 orders', lines: orders.slice(0, 20), orders })
    for (const robot of ['slack', 'wecom', 'dingtalk'] as const)
      await enqueue({ routes: [{ channel: await create(robot), to: '' }], message: group })
    for (let round = 0; round < 10; round++) await deliver()
    for (const robot of ['slack', 'wecom', 'dingtalk']) {
      const texts = providers.taken.filter(({ provider }) => provider === robot).map(({ text }) => text)
      const named = texts.flatMap((text) => [...new Set(text.match(/\bSO-5\d{4}\b/g))])
      expect([robot, named.toSorted()]).toEqual([robot, orders])
    }
    expect(providers.taken.length).toBeLessThan(8)
  })

  it('is not called for as long as it asks after it was sent too much', async () => {
    const id = await create('dingtalk')
    providers.misbehaviour = 'limit-in-200'
    await enqueue({ routes: [{ channel: id, to: '' }], message: message() })
    await deliver()
    const { requestCount } = providers
    for (let minute = 1; minute < 10; minute++) {
      await enqueue({ routes: [{ channel: id, to: '' }], message: message() })
      await pass(minuteMs)
    }
    expect(providers.requestCount).toBe(requestCount)
    providers.misbehaviour = undefined
    await pass(minuteMs)
    await pass(minuteMs)
    expect((await log(`&channel=${id}`)).map(({ state }) => state)).toEqual(
      Array.from({ length: 10 }, () => 'accepted'),
    )
  })
})

describe('the secrets of a channel', () => {
  it('appear in no response, database row or audit entry, and are kept when omitted', async () => {
    const id = await create('dingtalk')
    const read = async () => channelList.parse((await api('channels')).body).channels.find((each) => each.id === id)
    const before = await read()
    expect(before?.secrets).toEqual({ url: '••••6789', secret: '••••6789' })
    const body = { kind: 'dingtalk-robot', name: 'Renamed', settings: {} }
    const put = (change: object, version = '') =>
      api(`channels/${id}`, { method: 'PUT', body: { ...body, ...change }, headers: { 'if-match': version } })
    expect(await put({}, before?.version)).toMatchObject({ status: 200, body: { name: 'Renamed' } })
    expect(await put({ name: 'Again' }, before?.version)).toMatchObject({ status: 409, body: { code: 'conflict' } })
    await enqueue({ routes: [{ channel: id, to: '' }], message: message() })
    await deliver()
    expect(providers.taken).toHaveLength(1)
    const told = JSON.stringify([
      (await api('channels')).body,
      (await api('messages')).body,
      (await api('admin/changes')).body,
    ])
    expect(told).toContain('Renamed')
    for (const secret of [...Object.values(secrets), 'abcdef0123456789', '/dingtalk/send']) {
      expect([secret, told.includes(secret)]).toEqual([secret, false])
      expect([secret, await tablesWith(server.database, secret)]).toEqual([secret, []])
    }
  })
})
