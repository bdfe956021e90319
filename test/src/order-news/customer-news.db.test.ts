import { deleteOldCustomerMails } from '@stagewatch/server/order-news/customer-settings.ts'
import { maxMailsPerDay } from '@stagewatch/shared/contract/customer-news.ts'
import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { call } from '../http/call.ts'
import { openCustomerWorld, pathIn } from './customer-world.ts'
import type { CustomerWorld } from './customer-world.ts'

let world: CustomerWorld
beforeAll(async () => {
  world = await openCustomerWorld()
}, 60_000)
afterAll(() => world.close())

it('tells nobody anything until it is switched on, nor then about what happened before', async () => {
  expect((await world.view()).settings.enabled).toBe(false)
  await world.place('SO-0', 'early@example.com')
  await world.work()
  world.clock.set(1_000)
  await world.save({})
  await world.enter('SO-0', 'ship', { atMs: -1_500 })
  await world.everythingHandled()
  expect(await world.told('SO-0')).toEqual([])
})

describe('the customer of an order', () => {
  it('is told once of each event that the site has chosen, whichever world.server instances look', async () => {
    await world.place('SO-1', 'Anna@Example.com')
    await world.enter('SO-1', 'cut')
    await world.enter('SO-1', 'pack')
    await world.send('SO-1', 'order.held', { data: { reason: 'no zips' } })
    await world.send('SO-1', 'order.resumed')
    await world.enter('SO-1', 'pack')
    await world.send('SO-1', 'order.held')
    await world.send('SO-1', 'order.resumed')
    await world.enter('SO-1', 'ship')
    await world.send('SO-1', 'order.completed')
    const all = [
      'We have received your order SO-1',
      'Your order SO-1: Packing',
      'Your order SO-1 is on hold',
      'Your order SO-1 is on its way',
      'Your order SO-1 is complete',
    ]
    await eventually(async () => expect((await world.told('SO-1')).toSorted()).toEqual(all.toSorted()))
    await world.everythingHandled()
    expect(await world.told('SO-1')).toHaveLength(5)
    await world.place('SO-2', 'bert@example.com')
    await world.send('SO-2', 'order.cancelled')
    const cancelled = ['We have received your order SO-2', 'Your order SO-2 was cancelled']
    await eventually(async () => expect((await world.told('SO-2')).toSorted()).toEqual(cancelled.toSorted()))
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
    await world.enter('SO-3', 'cut', { data, actor: 'SECRET worker' })
    await world.enter('SO-3', 'ship', { actor: 'SECRET driver', data: { reason: 'SECRET reason' } })
    await eventually(async () => expect(await world.told('SO-3')).toHaveLength(2))
    const mails = [await world.mailTo('carla@example.com'), await world.mailTo('carla@example.com')].toSorted()
    const whole = mails.join('\n')
    expect(whole).toContain('您的订单 SO-3')
    expect(whole).toContain('发货')
    expect(whole).toContain(textIn(world.siteName, 'zh'))
    expect(whole).not.toMatch(/SECRET|4711|\/orders/)
    for (const mail of mails) expect(pathIn(mail)).not.toBe('')
    // The language of the field is not one of the product: the one that the site has set.
    await world.place('SO-4', 'dora@example.com', { customerLanguage: 'fr' })
    await eventually(async () => expect(await world.told('SO-4')).toEqual(['We have received your order SO-4']))
  })

  it('is not told of imports, of old or voided events, of other processes, nor that an old order is new', async () => {
    await world.enter('SO-5', 'cut', { imported: true, data: { customerEmail: 'emil@example.com' } })
    await world.enter('SO-5', 'ship', { imported: true })
    await world.enter('SO-6', 'cut', { imported: true, data: { customerEmail: 'emil@example.com' } })
    await world.enter('SO-6', 'pack')
    await world.place('SO-7', 'emil@example.com', { process: 'repairs' })
    await world.enter('SO-7', 'ship')
    await world.place('SO-8', 'emil@example.com')
    // In one request, so that nothing happens between the two.
    const occurredAt = new Date(world.clock.now()).toISOString()
    const cancelled = { source: 'erp', id: 'wrong', type: 'order.cancelled', order: 'SO-8', occurredAt }
    const voided = { ...cancelled, id: 'right', type: 'event.voided', data: { source: 'erp', id: 'wrong' } }
    const reply = await call(`${world.server.url}/api/v1/events`, { key: world.key, body: [cancelled, voided] })
    expect(reply.body).toMatchObject({ accepted: 2 })
    await world.everythingHandled()
    expect(await world.told('SO-5')).toEqual([])
    expect(await world.told('SO-6')).toEqual(['Your order SO-6: Packing'])
    expect(await world.outcomes('SO-7')).toEqual(['placed sent'])
    expect(await world.outcomes('SO-8')).toEqual(['placed sent'])
    world.clock.set(26 * 3_600_000)
    await world.enter('SO-8', 'ship', { atMs: -25 * 3_600_000 })
    await world.everythingHandled()
    expect(await world.outcomes('SO-8')).toEqual(['placed sent'])
  })
})

describe('an address', () => {
  it('that is none is reported where the world.settings are, once, and not tried again', async () => {
    await world.place('SO-20', 'not an address')
    await world.place('SO-21', '  ')
    await world.send('SO-22', 'order.placed')
    await world.everythingHandled()
    expect(await world.outcomes('SO-20')).toEqual(['placed invalid-address'])
    expect(await world.outcomes('SO-21')).toEqual(['placed no-address'])
    expect(await world.outcomes('SO-22')).toEqual(['placed no-address'])
    const { counts, problems } = await world.view()
    expect(counts).toMatchObject({ 'invalid-address': 1, 'no-address': 2 })
    expect(problems).toContainEqual(
      expect.objectContaining({ order: 'SO-20', outcome: 'invalid-address', address: 'not an address' }),
    )
    const jobs = await world.server.database.query(`select id from jobs where queue = 'customer-news'`)
    expect(jobs).toEqual([])
  })

  it('of a voided event is not used, and the last one that remains is', async () => {
    await world.send('SO-23', 'order.changed', { data: { customerEmail: 'right@example.com' } })
    const id = await world.send('SO-23', 'order.changed', { data: { customerEmail: 'wrong@example.com' } })
    await world.send('SO-23', 'event.voided', { data: { source: 'erp', id } })
    await world.enter('SO-23', 'ship')
    await eventually(async () => expect(await world.told('SO-23')).toHaveLength(2))
    const rows = await world.server.database.query(
      `select distinct recipient from messages where message -> 'orders' ? 'SO-23'`,
    )
    expect(rows).toEqual([{ recipient: 'right@example.com' }])
  })

  it('of a masked customer is shortened on the world.settings page', async () => {
    const privacy = { customers: 'masked', amounts: 'shown', people: 'shown' }
    const put = (body: object) =>
      world.server.ada.call('/api/v1/privacy', { method: 'PUT', body, headers: { 'if-match': '*' } })
    expect(await put(privacy)).toMatchObject({ status: 200 })
    expect(JSON.stringify((await world.view()).problems)).not.toContain('not an address')
    expect(await put({ ...privacy, customers: 'shown' })).toMatchObject({ status: 200 })
  })

  /** Sends the daily number of mails to the address, and reports more orders. */
  async function exceedLimit(address: string, prefix: string, more: number): Promise<void> {
    for (let i = 0; i < maxMailsPerDay; i += 1) await world.place(`${prefix}-SINGLE-${i}`, address)
    await world.everythingHandled()
    const orders = Array.from({ length: more }, (_, i) => `${prefix}-${i}`)
    for (const order of orders) await world.place(order, address)
    await world.everythingHandled()
    expect(await world.outcomes(`${prefix}-SINGLE-0`)).toEqual(['placed sent'])
    for (const order of orders) expect(await world.outcomes(order)).toEqual(['placed limited'])
  }
  const digests = () =>
    world.server.database.query<{ recipient: string; title: string; lines: string[]; orders: string[] }>(
      `select recipient, message ->> 'title' as title, message -> 'lines' as lines, message -> 'orders' as orders
       from messages where dedupe_key like 'customer-digest:%' order by created_at`,
    )
  const minuteMs = 60_000
  const waitFor = async (at: number) => {
    world.clock.set(at - world.clock.now())
    await world.work()
    await world.work()
  }

  it('receives 20 mails a day, and one more about all other orders when the limit allows it on the next day', async () => {
    const days = new LocalDays(world.timeZone)
    await waitFor(days.startOfOffset(world.clock.now(), 1) + 12 * 60 * minuteMs)
    await exceedLimit('Fred@example.com', 'FRED', 20)
    await world.enter('FRED-3', 'ship')
    await world.send('FRED-4', 'order.completed')
    // Its last news is taken back, so that the one before it applies.
    const id = await world.send('FRED-5', 'order.cancelled')
    // These belong to somebody else, who must not be named to Fred.
    await world.send('FRED-19', 'order.changed', { data: { customerEmail: 'other@example.com' } })
    await world.everythingHandled()
    await world.send('FRED-5', 'event.voided', { data: { source: 'erp', id } })
    await world.place('FRED-LATER', 'fred@example.com')
    await world.enter('FRED-7', 'ship', { imported: true })
    await world.everythingHandled()
    expect((await world.view()).counts).toMatchObject({ limited: 24 })
    expect((await world.view()).problems.filter(({ outcome }) => outcome === 'limited')).toEqual([])
    const endsAt = world.clock.now()

    // The next day has begun, but the last of the 20 mails is less than 24 hours old.
    await waitFor(days.startOfOffset(world.clock.now(), 1) + minuteMs)
    expect(await digests()).toEqual([])
    await world.place('FRED-LATE', 'fred@example.com')
    await world.everythingHandled()
    expect(await world.outcomes('FRED-LATE')).toEqual(['placed limited'])
    await waitFor(endsAt + 24 * 60 * minuteMs + minuteMs)
    // As after a restart, or on another instance.
    await waitFor(world.clock.now() + minuteMs)
    const [digest, ...others] = await digests()
    expect(others).toEqual([])
    expect(digest).toMatchObject({ recipient: 'fred@example.com', title: 'News about 21 of your orders' })
    expect(digest?.lines).toHaveLength(19)
    expect(digest?.lines.slice(0, 5)).toEqual([
      'More happened than we send as single emails in one day. This is the latest news of your orders:',
      'We have received your order FRED-LATE',
      'We have received your order FRED-LATER',
      'We have received your order FRED-5',
      'Your order FRED-4 is complete',
    ])
    expect(digest?.lines[5]).toBe('Your order FRED-3 is on its way')
    expect(digest?.lines.slice(-2)).toEqual([
      'Orders with news that are not listed here: 5',
      textIn(world.siteName, 'en'),
    ])
    expect(digest?.orders).toHaveLength(16)
    expect(digest?.orders).not.toContain('FRED-19')

    // Later mails are single ones again, and do not report what the digest has reported.
    await world.enter('FRED-7', 'ship')
    await eventually(async () =>
      expect(await world.outcomes('FRED-7')).toEqual(['entered:ship sent', 'placed limited']),
    )
    const mail = await world.mailTo('fred@example.com')
    expect(pathIn(mail)).not.toBe('')
  })

  it('that stops the mails, by the link in any of them, receives no digest', async () => {
    const before = (await digests()).length
    await exceedLimit('greta@example.com', 'GRETA', 2)
    const path = pathIn(await world.mailTo('greta@example.com'))
    expect((await world.open(path, { method: 'POST' })).status).toBe(200)
    await waitFor(world.clock.now() + 49 * 60 * minuteMs)
    expect(await digests()).toHaveLength(before)
    const waiting = await world.server.database.query('select order_id from customer_mails where event_id is not null')
    expect(waiting).toEqual([])
  })

  it('stops the mails by the link in a digest, too', async () => {
    await exceedLimit('hugo@example.com', 'HUGO', 1)
    await world.server.server.messages.runDue()
    await waitFor(world.clock.now() + 49 * 60 * minuteMs)
    expect(await digests()).toContainEqual(
      expect.objectContaining({
        recipient: 'hugo@example.com',
        title: 'News about 1 of your orders',
        orders: ['HUGO-0'],
      }),
    )
    const { optedOutCount } = await world.view()
    const path = pathIn(await world.mailTo('hugo@example.com'))
    expect((await world.open(path, { method: 'POST' })).status).toBe(200)
    expect((await world.view()).optedOutCount).toBe(optedOutCount + 1)
  })
})

describe('the settings', () => {
  it('name an existing channel for e-mail and existing stages', async () => {
    const put = (change: object) =>
      world.mei.call('/api/v1/customer-news', {
        method: 'PUT',
        body: { ...world.settings, ...change },
        headers: { 'if-match': '*' },
      })
    const wrong = [
      [{ channel: '' }, 'channel'],
      [{ channel: 'nothing' }, 'channel'],
      [{ stages: [{ process: 'default', stage: 'fly', as: 'entered' }] }, 'stages.0.stage'],
      [{ addressField: 'two words' }, 'addressField'],
      [{ stages: [world.settings.stages[0], world.settings.stages[0]] }, 'stages'],
    ] as const
    for (const [change, field] of wrong)
      expect(await put(change)).toMatchObject({ status: 400, body: { details: [{ field }] } })
  })

  it('offer the fields that orders have, and are changed by those who may change rules', async () => {
    expect((await world.view()).fields).toEqual(expect.arrayContaining(['customerEmail', 'customerLanguage']))
    const lead = await world.server.join('lead@example.com', { role: 'lead' })
    expect(await lead.call('/api/v1/customer-news')).toMatchObject({ status: 403 })
    expect(await world.server.recorded()).toContain('mei@example.com customer-news.changed ')
  })

  it('that are switched off send nothing, not even what was already found', async () => {
    await world.place('SO-50', 'ida@example.com')
    await eventually(async () => expect(await world.told('SO-50')).toHaveLength(1))
    await world.save({ enabled: false })
    await world.enter('SO-50', 'ship')
    await world.save({ enabled: true })
    await world.everythingHandled()
    expect(await world.told('SO-50')).toHaveLength(1)
  })
})

it('what became of mails is kept for 400 days', async () => {
  await world.server.database.query(
    `insert into customer_mails (site, order_id, news, at, outcome)
     values ('main', 'OLD', 'placed', now() - interval '401 days', 'no-address'),
       ('main', 'RECENT', 'placed', now() - interval '399 days', 'no-address')`,
  )
  await deleteOldCustomerMails(world.server.database)
  expect(await world.outcomes('OLD')).toEqual([])
  expect(await world.outcomes('RECENT')).toEqual(['placed no-address'])
})
