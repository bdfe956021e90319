import { channel } from '@stagewatch/shared/contract/channels.ts'
import { messageTextList, textPreview } from '@stagewatch/shared/contract/message-texts.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SettableClock } from '../harness/settable-clock.ts'
import { call } from '../http/call.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'

const clock = new SettableClock()
let server: PeopledServer
let key: string
let mei: Visitor

beforeAll(async () => {
  const variables = { SECRETS_KEY: Buffer.alloc(32, 9).toString('base64'), WEBHOOK_PRIVATE_NETWORKS: 'on' }
  server = await startPeopled({ clock, variables })
  const stage = {
    ...plainStage('check'),
    name: { zh: '质检', en: 'Quality *check*' },
    targetMs: 60_000,
    warnAtRatio: 0.8,
  }
  const site = await server.server.sites.get('main')
  await site.saveProcess({
    code: 'default',
    name: { en: 'Orders' },
    stages: [{ ...stage, toleranceRatio: 0.1 }],
    acceptsNewStages: true,
    goals: {},
  })
  mei = await server.join('mei@example.com', { role: 'manager' })
  key = await server.createKey(['ingest'])
}, 60_000)
afterAll(() => server.close())

const path = (text: string, language = 'en') => `/api/v1/message-texts/${text}/${language}`
const put = (text: string, body: object, language = 'en') =>
  mei.call(path(text, language), { method: 'PUT', body, headers: { 'if-match': '*' } })
const preview = (text: string, body: object, language = 'en') =>
  mei.call('/api/v1/message-texts/preview', { body: { key: text, language, ...body } })

async function textOf(text: string, language = 'en') {
  const { texts } = messageTextList.parse((await mei.call('/api/v1/message-texts')).body)
  return texts.find((one) => one.key === text && one.language === language)
}

async function previewOf(text: string, body: object, language = 'en') {
  return textPreview.parse((await preview(text, body, language)).body)
}

async function enter(order: string, customer: string, owner: string): Promise<void> {
  const event = (agoMs: number) => ({
    source: 'mes',
    order,
    occurredAt: new Date(clock.now() - agoMs).toISOString(),
  })
  const body = [
    { ...event(2_000), id: 'entered', type: 'stage.entered', stage: 'check', data: { customer } },
    { ...event(1_000), id: 'assigned', type: 'order.assigned', data: { owner } },
  ]
  expect((await call(`${server.url}/api/v1/events`, { key, body })).body).toMatchObject({ accepted: 2 })
}

describe('a text of messages', () => {
  it('is that of the product until the site changes it, in one language, and again after a reset', async () => {
    const standard = await textOf('alert.order')
    expect(standard).toMatchObject({ title: '{rule}: {order}', isChanged: false })
    const own = { title: 'Late: {order}', body: '{order} in {stage} ({owner})' }
    expect(await put('alert.order', own)).toMatchObject({ status: 200, body: { ...own, isChanged: true } })
    expect(await textOf('alert.order')).toMatchObject({ ...own, standard: { title: '{rule}: {order}' } })
    expect(await textOf('alert.order', 'zh')).toMatchObject({ title: '{rule}：{order}', isChanged: false })
    const reset = await mei.call(path('alert.order'), { method: 'DELETE' })
    expect(reset).toMatchObject({ status: 200, body: { title: '{rule}: {order}', isChanged: false } })
    expect(await textOf('alert.order')).toEqual(standard)
    expect((await server.recorded()).slice(0, 2)).toEqual([
      'mei@example.com message-text.reset alert.order en',
      'mei@example.com message-text.changed alert.order en',
    ])
  })

  it('is refused with the field and what to do, whether it is saved or previewed', async () => {
    const good = { title: '{rule}', body: '{order}' }
    const wrong = [
      ['alert.order', { title: '{nobody}' }, 'title', 'there is no placeholder {nobody}: use one of {rule}, {order},'],
      ['customer.placed', { body: '{owner}' }, 'body', 'there is no placeholder {owner}: use one of {order}, {date}'],
      ['alert.order', { body: 'see {order' }, 'body', 'the brace at character 5 has no counterpart'],
      ['alert.order', { body: 'one\ntwo' }, 'body', 'must have at most 1 line'],
      ['alert.order', { title: 'one\ntwo' }, 'title', 'must be one line'],
      ['alert.order', { title: '' }, 'title', ''],
      ['alert.order', { title: 'x'.repeat(201) }, 'title', ''],
      ['customer.placed', { body: 'x\n'.repeat(21) + 'x' }, 'body', 'must have at most 20 lines'],
    ] as const
    for (const [text, change, field, message] of wrong) {
      const body = { ...(text === 'alert.order' ? good : { title: '{order}', body: '{order}' }), ...change }
      const details = [{ field, message: expect.stringContaining(message) as string }]
      expect(await put(text, body)).toMatchObject({ status: 400, body: { details } })
      expect(await preview(text, body)).toMatchObject({ status: 400, body: { details } })
    }
  })

  it('must leave room in text messages if the site sends any', async () => {
    const long = { title: `${'x'.repeat(36)}{order}`, body: '{order}' }
    expect(await put('alert.order', long)).toMatchObject({ status: 200 })
    const settings = { accessKeyId: 'id', signName: '安和', templateCode: 'SMS_1', endpoint: 'http://127.0.0.1:1' }
    const body = { kind: 'sms-aliyun', name: 'SMS', settings, secrets: { accessKeySecret: 'a secret of some length' } }
    const created = await server.ada.call('/api/v1/channels', { body })
    const { id } = channel.parse(created.body)
    const details = [{ field: 'title', reason: 'too_long', limit: 35 }]
    expect(await put('alert.order', long)).toMatchObject({ status: 400, body: { details } })
    // Customers receive mails only.
    expect(await put('customer.placed', long)).toMatchObject({ status: 200 })
    await server.ada.call(`/api/v1/channels/${id}`, { method: 'DELETE' })
    for (const text of ['alert.order', 'customer.placed']) await mei.call(path(text), { method: 'DELETE' })
  })
})

describe('the preview', () => {
  it('uses an example that is made up, and says so, while the site has no order', async () => {
    const { order, previews } = await previewOf('alert.order', { title: '{order}', body: '{owner}, {customer}' }, 'zh')
    expect(order).toBeUndefined()
    expect(previews[0]).toMatchObject({ kind: 'email', title: '[预警] SO-1042' })
    expect(previews[0]?.text).toContain('李明, 示例公司')
  })

  it('shows what each kind of channel makes of an order of the site, with the markup of the values escaped', async () => {
    await enter('SO_1', 'Acme', 'Li')
    const body = { title: 'Look after {order}', body: '{stage} for {customer}: {owner}' }
    const { order, previews } = await previewOf('alert.order', body)
    expect(order).toBe('SO_1')
    const [email, robot, sms, push] = previews
    expect(previews.map(({ kind }) => kind)).toEqual(['email', 'robot', 'sms', 'push'])
    expect(email?.text).toContain('Quality *check* for Acme: Li')
    expect(email?.text).toContain('/orders/SO_1')
    expect(robot?.text).toContain(String.raw`Quality \*check\* for Acme: Li`)
    expect(sms).toEqual({ kind: 'sms', title: 'Look after SO_1', text: 'SO_1', isCut: false })
    expect(push?.text).toContain('Quality *check* for Acme: Li')
    const long = await previewOf('alert.order', { ...body, title: `${'x'.repeat(40)} {order}` })
    expect(long.previews.map(({ isCut }) => isCut)).toEqual([false, false, true, false])
  })

  it('of a mail to a customer is the mail alone, without anything internal', async () => {
    const standard = (await textOf('customer.shipped'))?.standard
    const { previews } = await previewOf('customer.shipped', { ...standard })
    expect(previews.map(({ kind, title }) => [kind, title])).toEqual([['email', 'Your order SO_1 is on its way']])
    expect(previews[0]?.text).not.toMatch(/Acme|Li\b|\/orders|Notice/)
    expect(previews[0]?.text).toContain('/unsubscribe/')
  })

  it('hides what the site hides', async () => {
    const set = (body: object) =>
      server.ada.call('/api/v1/privacy', { method: 'PUT', body, headers: { 'if-match': '*' } })
    expect(await set({ customers: 'masked', amounts: 'shown', people: 'team' })).toMatchObject({ status: 200 })
    const { previews } = await previewOf('alert.order', { title: '{order}', body: 'for {customer}: {owner}.' })
    expect(previews[0]?.text).toContain('for Ac**: .')
    await set({ customers: 'shown', amounts: 'shown', people: 'shown' })
  })
})
