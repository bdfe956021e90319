import { attemptSending } from '@stagewatch/server/channels/attempt-sending.ts'
import { channelOf } from '@stagewatch/server/channels/channel-registry.ts'
import type { Sender } from '@stagewatch/server/channels/sender.ts'
import type { ChannelConfig, ChannelKind } from '@stagewatch/shared/contract/channels.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recipients, requestsFor, startProviders } from './fake-providers.ts'
import type { FakeProviders, Misbehaviour } from './fake-providers.ts'

const minuteMs = 60_000
const rendered = {
  severity: 'critical',
  title: 'Packing overdue: SO-1',
  text: 'Packing overdue: SO-1\n\n[Open](https://board.example/orders/SO-1)',
  body: 'since 09:00',
  url: 'https://board.example/orders/SO-1',
  open: 'Open',
  isStopLink: false,
} as const
let providers: FakeProviders
let now = Date.parse('2026-11-24T09:00:00+08:00')

beforeAll(async () => (providers = await startProviders(() => now)))
afterAll(() => providers.close())

const applications = [
  { provider: 'topapi', tokens: 'gettoken', success: 'sent', id: '256271667526', limit: '90002', refusal: '33012' },
  { provider: 'cgi-bin', tokens: 'cgi-bin', success: 'accepted', id: 'wecom-1', limit: '45009', refusal: '81013' },
  { provider: 'open-apis', tokens: 'open-apis', success: 'accepted', id: 'om_1', limit: '99991400', refusal: '230013' },
] as const

/** One attempt. @param change of the settings and secrets. */
function sendBy(provider: 'topapi' | 'open-apis' | 'cgi-bin', change: object = {}, allowsPrivate = true) {
  const { kind, settings, secrets } = requestsFor(providers.url)[provider]
  const channel = channelOf<ChannelKind>(kind)
  const config = { ...settings, ...secrets, ...change } as ChannelConfig<ChannelKind>
  const sender: Sender = {
    ...channel,
    secrets: [secrets.secret],
    send: (sending, context) => channel.send({ config, ...sending }, context),
  }
  const sending = { to: recipients[provider] ?? '', rendered, messages: [], id: 'msg_1' }
  return attemptSending(sender, sending, now, { allowsPrivate })
}
describe.each(applications)('an application ($provider)', ({ provider, tokens, success, id, limit, refusal }) => {
  const send = (change?: object, allowsPrivate?: boolean) => sendBy(provider, change, allowsPrivate)
  async function misbehaving(how: Misbehaviour, culprit: string = provider) {
    Object.assign(providers, { misbehaviour: how, culprit })
    try {
      return await send()
    } finally {
      Object.assign(providers, { misbehaviour: undefined, culprit: undefined })
    }
  }
  const good = { verdict: { kind: success, providerId: id }, status: 200 }

  it('requests a token once, and another one when it has been revoked or is about to expire', async () => {
    const before = providers.tokenRequests
    for (let i = 0; i < 3; i += 1) expect(await send()).toMatchObject(good)
    expect(providers.tokenRequests - before).toBe(1)
    providers.tokenNumber += 1
    expect(await send()).toMatchObject(good)
    expect(providers.tokenRequests - before).toBe(2)
    now += 114 * minuteMs
    expect(await send()).toMatchObject(good)
    expect(providers.tokenRequests - before).toBe(2)
    now += 2 * minuteMs
    expect(await send()).toMatchObject(good)
    expect(providers.tokenRequests - before).toBe(3)
    expect(providers.wrong).toEqual([])
  })

  it('does not use the token of another secret, whose request is refused without showing it', async () => {
    const refused = await send({ secret: 'wrong-secret-0123456789' })
    expect(refused).toMatchObject({ verdict: { kind: 'refused' }, status: 200 })
    expect(JSON.stringify(refused)).not.toContain('token-')
  })

  it('reads the outcome from the body, and waits if it sends too much', async () => {
    expect(await misbehaving('code-in-200')).toMatchObject({ verdict: { kind: 'refused', code: refusal }, status: 200 })
    expect(await misbehaving('limit-in-200')).toMatchObject({
      verdict: { kind: 'retry', code: limit, limited: true, afterS: 60 },
      status: 200,
    })
    expect(await misbehaving('limit-429')).toMatchObject({
      verdict: { kind: 'retry', limited: true, afterS: 120 },
      status: 429,
    })
    expect(await misbehaving('error-500')).toMatchObject({ verdict: { kind: 'retry' }, status: 500 })
    expect(await misbehaving('reset')).toMatchObject({ verdict: { kind: 'retry' } })
    expect(await send()).toMatchObject(good)
  })

  it('tries again later if it gets no token, and nothing is sent without one', async () => {
    providers.tokenNumber += 1
    now += 120 * minuteMs
    const { length } = providers.taken
    expect(await misbehaving('error-500', tokens)).toMatchObject({ verdict: { kind: 'retry' }, status: 500 })
    expect(await misbehaving('limit-429', tokens)).toMatchObject({ verdict: { kind: 'retry', limited: true } })
    expect(providers.taken).toHaveLength(length)
    expect(await send()).toMatchObject(good)
  })

  it('sends nothing to addresses that only the server can reach', async () => {
    expect(await send({}, false)).toMatchObject({ verdict: { kind: 'refused' } })
  })
})

it('applications whose provider does not answer in time try again later', async () => {
  providers.misbehaviour = 'silent'
  const attempts = await Promise.all(applications.map(({ provider }) => sendBy(provider)))
  providers.misbehaviour = undefined
  expect(attempts.map(({ verdict }) => verdict.kind)).toEqual(['retry', 'retry', 'retry'])
}, 30_000)
