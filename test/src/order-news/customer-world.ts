import { OrderNews } from '@stagewatch/server/order-news/order-news.ts'
import { channel } from '@stagewatch/shared/contract/channels.ts'
import { customerNewsView } from '@stagewatch/shared/contract/customer-news.ts'
import type { CustomerNewsSettings } from '@stagewatch/shared/contract/customer-news.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { expect } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { SettableClock } from '../harness/settable-clock.ts'
import { call } from '../http/call.ts'
import { openMailBox } from '../identity/mail-box.ts'
import { startPeopled } from '../identity/peopled-server.ts'

interface Sent {
  readonly stage?: string
  readonly data?: Readonly<Record<string, unknown>>
  readonly actor?: string
  /** Relative to now. */
  readonly atMs?: number
  readonly imported?: boolean
}

export type CustomerWorld = Awaited<ReturnType<typeof openCustomerWorld>>

/** A server with a second instance that sends news to customers, a mail server, and a manager; not switched on yet. */
export async function openCustomerWorld() {
  const clock = new SettableClock()
  const mailBox = await openMailBox()
  const server = await startPeopled({
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
  const mei = await server.join('mei@example.com', { role: 'manager' })
  const key = await server.createKey(['ingest'])
  const mail = { kind: 'email', name: 'Customers', settings: {}, secrets: {} }
  const created = channel.parse((await server.ada.call('/api/v1/channels', { body: mail })).body)
  const settings: CustomerNewsSettings = {
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
  const second = new OrderNews({ database: server.database, clock, sites: server.server.sites })

  let eventCount = 0
  async function send(order: string, type: string, { atMs = 0, imported = false, ...more }: Sent = {}) {
    const id = `e${(eventCount += 1)}`
    const body = { source: 'erp', id, type, order, occurredAt: new Date(clock.now() + atMs).toISOString(), ...more }
    const headers = imported ? { 'x-stagewatch-import': 'on' } : {}
    expect((await call(`${server.url}/api/v1/events`, { key, body, headers })).body).toMatchObject({ accepted: 1 })
    return id
  }
  const place = (order: string, customerEmail: string, more: Readonly<Record<string, unknown>> = {}) =>
    send(order, 'order.placed', { data: { customerEmail, ...more } })
  const view = async () => customerNewsView.parse((await mei.call('/api/v1/customer-news')).body)
  /** Lets both server instances do their work, at the same time. */
  const work = () => Promise.all([server.server.orderNews.work(), second.work()])

  /** Titles of the mails about the order, oldest first, whether they have been sent or not. */
  async function told(order: string): Promise<string[]> {
    await work()
    const rows = await server.database.query<{ title: string }>(
      `select message ->> 'title' as title from messages
       where message ->> 'isForCustomer' = 'true' and message -> 'orders' ? $1 order by created_at, id`,
      [order],
    )
    return rows.map(({ title }) => title)
  }

  return {
    clock,
    mailBox,
    server,
    key,
    settings,
    mei,
    siteName: site.site.name,
    timeZone: site.site.timeZone,
    /** Sends an event of an order, and returns its id. */
    send,
    enter: (order: string, stage: string, more: Sent = {}) => send(order, 'stage.entered', { stage, ...more }),
    place,
    view,
    work,
    told,
    async save(change: Partial<CustomerNewsSettings> = {}): Promise<void> {
      const { version } = await view()
      const body = { ...settings, ...change }
      const reply = await mei.call('/api/v1/customer-news', { method: 'PUT', body, headers: { 'if-match': version } })
      expect(reply).toMatchObject({ status: 200, body: { settings: body } })
    },
    /** What became of each piece of news of the order. */
    async outcomes(order: string): Promise<string[]> {
      await work()
      const rows = await server.database.query<{ text: string }>(
        `select news || ' ' || outcome as text from customer_mails where order_id = $1 order by news`,
        [order],
      )
      return rows.map(({ text }) => text)
    },
    /** Every event before it has been handled once this one is. */
    async everythingHandled(): Promise<void> {
      const order = `LAST-${(eventCount += 1)}`
      await place(order, `${order.toLowerCase()}@example.com`)
      await eventually(async () => expect(await told(order)).toHaveLength(1))
    },
    /** Sends what is waiting, and returns the next mail to the address. */
    async mailTo(address: string): Promise<string> {
      const next = mailBox.next(address)
      await server.server.messages.runDue()
      return next
    },
    open: (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, init),
    async close(): Promise<void> {
      second.close()
      await server.close()
      await mailBox.close()
    },
  }
}

/** The path of the link in a mail that stops the mails. */
export const pathIn = (mail: string): string => /\/unsubscribe\/[\w-]+/.exec(mail)?.[0] ?? ''
