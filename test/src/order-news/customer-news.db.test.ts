import { OrderNews } from '@stagewatch/server/order-news/order-news.ts'
import { channel } from '@stagewatch/shared/contract/channels.ts'
import { customerNewsView, maxMailsPerDay } from '@stagewatch/shared/contract/customer-news.ts'
import type { CustomerNewsSettings } from '@stagewatch/shared/contract/customer-news.ts'
import { messageLog } from '@stagewatch/shared/contract/messages.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { SettableClock } from '../harness/settable-clock.ts'
import { call } from '../http/call.ts'
import { openMailBox } from '../identity/mail-box.ts'
import type { MailBox } from '../identity/mail-box.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'

const clock = new SettableClock()
let mailBox: MailBox
let server: PeopledServer
let second: OrderNews
let key: string
let siteName: LocalText
let mei: Visitor
let settings: CustomerNewsSettings

beforeAll(async () => {
  mailBox = await openMailBox()
  server = await startPeopled({
    clock,
    variables: {
      SECRETS_KEY: Buffer.alloc(32, 9).toString('base64'),
      PUBLIC_URL: 'http://stagewatch.example',
      ...mailBox.variables,
    },
  })
  const site = await server.server.sites.get('main')
  const stages = [
    { ...plainStage('cut'), name: { zh: '裁剪', en: 'Cutting' } },
    { ...plainStage('pack'), name: { zh: '包装', en: 'Packing' } },
    { ...plainStage('ship'), name: { zh: '发货', en: 'Dispatch' } },
  ]
  const process = { code: 'default', name: { en: 'Orders' }, stages, acceptsNewStages: true, goals: {} }
  await site.saveProcess(process)
  await site.saveProcess({ ...process, code: 'repairs' })
  siteName = site.site.name
  mei = await server.join('mei@example.com', { role: 'manager' })
  key = await server.createKey(['ingest'])
  const body = { kind: 'email', name: 'Customers', settings: {}, secrets: {} }
  const created = channel.parse((await server.ada.call('/api/v1/channels', { body })).body)
  settings = {
    enabled: true,
    addressField: 'customerEmail',
    languageField: 'customerLanguage',
    language: 'en',
    channel: created.id,
    placed: true,
    held: true,
    completed: true,
    cancelled: true,
    stages: [
      { process: 'default', stage: 'pack', as: 'entered' },
      { process: 'default', stage: 'ship', as: 'shipped' },
    ],
  }
  second = new OrderNews({ database: server.database, clock, sites: server.server.sites })
}, 60_000)
afterAll(async () => {
  second.close()
  await server.close()
  await mailBox.close()
})

let eventCount = 0
interface Sent {
  readonly stage?: string
  readonly data?: Readonly<Record<string, unknown>>
  readonly actor?: string
  /** Relative to now. */
  readonly atMs?: number
  readonly imported?: boolean
}
async function send(order: string, type: string, { atMs = 0, imported = false, ...more }: Sent = {}): Promise<string> {
  const id = `e${(eventCount += 1)}`
  const body = { source: 'erp', id, type, order, occurredAt: new Date(clock.now() + atMs).toISOString(), ...more }
  const headers = imported ? { 'x-stagewatch-import': 'on' } : {}
  expect((await call(`${server.url}/api/v1/events`, { key, body, headers })).body).toMatchObject({ accepted: 1 })
  return id
}

const enter = (order: string, stage: string, more: Sent = {}) => send(order, 'stage.entered', { stage, ...more })
const place = (order: string, customerEmail: string, more: Readonly<Record<string, unknown>> = {}) =>
  send(order, 'order.placed', { data: { customerEmail, ...more } })

async function view() {
  return customerNewsView.parse((await mei.call('/api/v1/customer-news')).body)
}

async function save(change: Partial<CustomerNewsSettings>): Promise<void> {
  const { version } = await view()
  const body = { ...settings, ...change }
  const reply = await mei.call('/api/v1/customer-news', { method: 'PUT', body, headers: { 'if-match': version } })
  expect(reply).toMatchObject({ status: 200, body: { settings: body } })
}

/** Lets both server instances do their work, at the same time. */
const work = () => Promise.all([server.server.orderNews.work(), second.work()])

/** Titles of the mails about the order, oldest first, whether they have been sent or not. */
async function told(order: string): Promise<string[]> {
  await work()
  const rows = await server.database.query<{ title: string }>(
    `select message ->> 'title' as title from messages
     where message ->> 'audience' = 'customer' and message -> 'orders' ? $1 order by created_at, id`,
    [order],
  )
  return rows.map(({ title }) => title)
}

async function outcomes(order: string): Promise<string[]> {
  await work()
  const rows = await server.database.query<{ text: string }>(
    `select news || ' ' || outcome as text from customer_mails where order_id = $1 order by news`,
    [order],
  )
  return rows.map(({ text }) => text)
}

/** Every event before it has been handled once this one is. */
async function everythingHandled(): Promise<void> {
  const order = `LAST-${(eventCount += 1)}`
  await place(order, `${order.toLowerCase()}@example.com`)
  await eventually(async () => expect(await told(order)).toHaveLength(1))
}

/** Sends what is waiting, and returns the next mail to the address. */
async function mailTo(address: string): Promise<string> {
  const next = mailBox.next(address)
  await server.server.messages.runDue()
  return next
}

const pathIn = (mail: string): string => /\/unsubscribe\/[\w-]+/.exec(mail)?.[0] ?? ''
const open = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, init)

it('tells nobody anything until it is switched on, nor then about what happened before', async () => {
  expect((await view()).settings.enabled).toBe(false)
  await place('SO-0', 'early@example.com')
  await work()
  clock.set(1_000)
  await save({})
  await enter('SO-0', 'ship', { atMs: -1_500 })
  await everythingHandled()
  expect(await told('SO-0')).toEqual([])
})

describe('the customer of an order', () => {
  it('is told once of each event that the site has chosen, whichever server instances look', async () => {
    await place('SO-1', 'Anna@Example.com')
    await enter('SO-1', 'cut')
    await enter('SO-1', 'pack')
    await send('SO-1', 'order.held', { data: { reason: 'no zips' } })
    await send('SO-1', 'order.resumed')
    await enter('SO-1', 'pack')
    await send('SO-1', 'order.held')
    await send('SO-1', 'order.resumed')
    await enter('SO-1', 'ship')
    await send('SO-1', 'order.completed')
    const all = [
      'We have received your order SO-1',
      'Your order SO-1: Packing',
      'Your order SO-1 is on hold',
      'Your order SO-1 is on its way',
      'Your order SO-1 is complete',
    ]
    await eventually(async () => expect((await told('SO-1')).toSorted()).toEqual(all.toSorted()))
    await everythingHandled()
    expect(await told('SO-1')).toHaveLength(5)
    await place('SO-2', 'bert@example.com')
    await send('SO-2', 'order.cancelled')
    const cancelled = ['We have received your order SO-2', 'Your order SO-2 was cancelled']
    await eventually(async () => expect((await told('SO-2')).toSorted()).toEqual(cancelled.toSorted()))
  })

  it('receives a mail in their language that names nothing internal and can be stopped', async () => {
    const data = {
      customerEmail: 'carla@example.com',
      customerLanguage: 'zh-CN',
      department: 'SECRET department',
      owner: 'SECRET owner',
      customer: 'SECRET customer',
      amount: 4711,
      comment: 'SECRET comment',
      salesperson: 'SECRET seller',
    }
    await enter('SO-3', 'cut', { data, actor: 'SECRET worker' })
    await enter('SO-3', 'ship', { actor: 'SECRET driver', data: { reason: 'SECRET reason' } })
    await eventually(async () => expect(await told('SO-3')).toHaveLength(2))
    const mails = [await mailTo('carla@example.com'), await mailTo('carla@example.com')].toSorted()
    const whole = mails.join('\n')
    expect(whole).toContain('您的订单 SO-3')
    expect(whole).toContain('发货')
    expect(whole).toContain(textIn(siteName, 'zh'))
    expect(whole).not.toMatch(/SECRET|4711|\/orders/)
    for (const mail of mails) expect(pathIn(mail)).not.toBe('')
    // The language of the field is not one of the product: the one that the site has set.
    await place('SO-4', 'dora@example.com', { customerLanguage: 'fr' })
    await eventually(async () => expect(await told('SO-4')).toEqual(['We have received your order SO-4']))
  })

  it('is not told of imports, of old or voided events, of other processes, nor that an old order is new', async () => {
    await enter('SO-5', 'cut', { imported: true, data: { customerEmail: 'emil@example.com' } })
    await enter('SO-5', 'ship', { imported: true })
    await enter('SO-6', 'cut', { imported: true, data: { customerEmail: 'emil@example.com' } })
    await enter('SO-6', 'pack')
    await place('SO-7', 'emil@example.com', { process: 'repairs' })
    await enter('SO-7', 'ship')
    await place('SO-8', 'emil@example.com')
    // In one request, so that nothing happens between the two.
    const occurredAt = new Date(clock.now()).toISOString()
    const cancelled = { source: 'erp', id: 'wrong', type: 'order.cancelled', order: 'SO-8', occurredAt }
    const voided = { ...cancelled, id: 'right', type: 'event.voided', data: { source: 'erp', id: 'wrong' } }
    const reply = await call(`${server.url}/api/v1/events`, { key, body: [cancelled, voided] })
    expect(reply.body).toMatchObject({ accepted: 2 })
    await everythingHandled()
    expect(await told('SO-5')).toEqual([])
    expect(await told('SO-6')).toEqual(['Your order SO-6: Packing'])
    expect(await outcomes('SO-7')).toEqual(['placed sent'])
    expect(await outcomes('SO-8')).toEqual(['placed sent'])
    clock.set(26 * 3_600_000)
    await enter('SO-8', 'ship', { atMs: -25 * 3_600_000 })
    await everythingHandled()
    expect(await outcomes('SO-8')).toEqual(['placed sent'])
  })
})

describe('an address', () => {
  it('that is none is reported where the settings are, once, and not tried again', async () => {
    await place('SO-20', 'not an address')
    await place('SO-21', '  ')
    await send('SO-22', 'order.placed')
    await everythingHandled()
    expect(await outcomes('SO-20')).toEqual(['placed invalid-address'])
    expect(await outcomes('SO-21')).toEqual(['placed no-address'])
    expect(await outcomes('SO-22')).toEqual(['placed no-address'])
    const { counts, problems } = await view()
    expect(counts).toMatchObject({ 'invalid-address': 1, 'no-address': 2 })
    expect(problems).toContainEqual(
      expect.objectContaining({ order: 'SO-20', outcome: 'invalid-address', address: 'not an address' }),
    )
    const jobs = await server.database.query(`select id from jobs where queue = 'customer-news'`)
    expect(jobs).toEqual([])
  })

  it('of a masked customer is shortened on the settings page', async () => {
    const privacy = { customers: 'masked', amounts: 'shown', people: 'shown' }
    const put = (body: object) =>
      server.ada.call('/api/v1/privacy', { method: 'PUT', body, headers: { 'if-match': '*' } })
    expect(await put(privacy)).toMatchObject({ status: 200 })
    expect(JSON.stringify((await view()).problems)).not.toContain('not an address')
    expect(await put({ ...privacy, customers: 'shown' })).toMatchObject({ status: 200 })
  })

  it('receives at most 20 mails a day; the delivery log says why it received no more', async () => {
    for (let i = 0; i < maxMailsPerDay + 2; i += 1) await place(`SO-3${i}-bulk`, 'fred@example.com')
    await everythingHandled()
    const sent = await server.database.query<{ outcome: string; count: number }>(
      `select outcome, count(*)::int as count from customer_mails where order_id like '%-bulk' group by outcome order by 1`,
    )
    expect(sent).toEqual([
      { outcome: 'limited', count: 2 },
      { outcome: 'sent', count: maxMailsPerDay },
    ])
    const { messages } = messageLog.parse((await server.ada.call('/api/v1/messages?state=refused')).body)
    expect(messages).toHaveLength(2)
    expect(messages[0]).toMatchObject({
      recipient: 'fr**@example.com',
      attempts: [{ result: 'refused', reason: 'the address has received 20 mails within 24 hours' }],
    })
    expect((await view()).counts).toMatchObject({ limited: 2 })
    // Each mail is sent on its own, with its own link.
    const mails = await Promise.all(Array.from({ length: 3 }, () => mailTo('fred@example.com')))
    expect(new Set(mails.map(pathIn)).size).toBe(3)
    // A day later there is room again.
    clock.set(25 * 3_600_000)
    await place('SO-39', 'fred@example.com')
    await eventually(async () => expect(await outcomes('SO-39')).toEqual(['placed sent']))
  })
})

describe('the link that stops the mails', () => {
  it('changes nothing when it is opened, and stops all mails of the site when it is confirmed', async () => {
    await place('SO-40', 'gina@example.com')
    await eventually(async () => expect(await told('SO-40')).toHaveLength(1))
    const path = pathIn(await mailTo('gina@example.com'))
    const page = await open(path)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain(`Stop e-mails about your orders from ${textIn(siteName, 'en')}?`)
    expect(page.headers.get('cache-control')).toBe('no-store')
    await enter('SO-40', 'pack')
    await eventually(async () => expect(await told('SO-40')).toHaveLength(2))
    const { optedOutCount } = await view()
    // As mail programs do for their own button.
    const oneClick = await open(path, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    })
    expect(oneClick.status).toBe(200)
    expect(await oneClick.text()).toContain('You will receive no more e-mails')
    expect((await view()).optedOutCount).toBe(optedOutCount + 1)
    // What was waiting is not sent any more; the address is not stored.
    expect(await told('SO-40')).toHaveLength(1)
    await enter('SO-40', 'ship')
    await place('SO-41', 'GINA@example.com')
    await everythingHandled()
    expect(await outcomes('SO-40')).toContain('entered:ship opted-out')
    expect(await outcomes('SO-41')).toEqual(['placed opted-out'])
    const stored = await server.database.query('select * from customer_opt_outs')
    expect(JSON.stringify(stored)).not.toMatch(/gina/i)
    // They may change their mind on the same page.
    const back = await open(path, { method: 'POST', body: new URLSearchParams({ action: 'resume' }) })
    expect(await back.text()).toContain('again')
    expect((await view()).optedOutCount).toBe(optedOutCount)
  })

  it('is refused if nobody was sent it, whatever the form in which it is posted', async () => {
    const before = (await view()).optedOutCount
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    for (const init of [{}, { method: 'POST' }, { method: 'POST', body: form }]) {
      const page = await open('/unsubscribe/nothing', { ...init, headers: { 'accept-language': 'zh-CN' } })
      expect(page.status).toBe(404)
      expect(await page.text()).toContain('链接无效')
    }
    expect((await view()).optedOutCount).toBe(before)
  })

  it('is offered by mail programs', async () => {
    await place('SO-42', 'hans@example.com')
    await eventually(async () => expect(await told('SO-42')).toHaveLength(1))
    const headers = mailBox.nextHeaders('hans@example.com')
    await server.server.messages.runDue()
    expect(await headers).toMatch(/List-Unsubscribe: <http:\/\/stagewatch\.example\/unsubscribe\/[\w-]+>/)
    expect(await headers).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
  })
})

describe('the settings', () => {
  it('name an existing channel for e-mail and existing stages', async () => {
    const put = (change: object) =>
      mei.call('/api/v1/customer-news', {
        method: 'PUT',
        body: { ...settings, ...change },
        headers: { 'if-match': '*' },
      })
    const wrong = [
      [{ channel: '' }, 'channel'],
      [{ channel: 'nothing' }, 'channel'],
      [{ stages: [{ process: 'default', stage: 'fly', as: 'entered' }] }, 'stages.0.stage'],
      [{ addressField: 'two words' }, 'addressField'],
      [{ stages: [settings.stages[0], settings.stages[0]] }, 'stages'],
    ] as const
    for (const [change, field] of wrong)
      expect(await put(change)).toMatchObject({ status: 400, body: { details: [{ field }] } })
  })

  it('offer the fields that orders have, and are changed by those who may change rules', async () => {
    expect((await view()).fields).toEqual(expect.arrayContaining(['customerEmail', 'customerLanguage']))
    const lead = await server.join('lead@example.com', { role: 'lead' })
    expect(await lead.call('/api/v1/customer-news')).toMatchObject({ status: 403 })
    expect(await server.recorded()).toContain('mei@example.com customer-news.changed ')
  })

  it('that are switched off send nothing, not even what was already found', async () => {
    await place('SO-50', 'ida@example.com')
    await eventually(async () => expect(await told('SO-50')).toHaveLength(1))
    await save({ enabled: false })
    await enter('SO-50', 'ship')
    await save({ enabled: true })
    await everythingHandled()
    expect(await told('SO-50')).toHaveLength(1)
  })
})
