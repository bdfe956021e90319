import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { board } from '@stagewatch/shared/contract/board.ts'
import { siteTranslations } from '@stagewatch/shared/contract/names.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'

const clock = new VirtualClock(Date.UTC(2026, 10, 24, 16))
const huachen = { zh: '华辰重工', en: 'Huachen Heavy Industry', de: 'Huachen Schwerindustrie' }
const waiting = { zh: '等预付款', en: 'Waiting for prepayment' }
const elsewhere = { zh: '别处', en: 'Elsewhere' }
const all = { 华辰重工: huachen, 等预付款: waiting, 别处: elsewhere }

let server: StartedServer
let read: string
let admin: string

beforeAll(async () => {
  server = await startServer({ clock })
  read = await server.createKey(['read'])
  admin = await server.createKey(['admin'])
  const stages = [{ code: 'pick', name: { de: 'Kommissionieren' }, targetMs: 1, warnAtRatio: 0.8, toleranceRatio: 0.1 }]
  const body = { code: 'default', name: { zh: '订单', en: 'Orders' }, acceptsNewStages: true, goals: {}, stages }
  expect((await put('/api/v1/admin/processes/default', body)).status).toBe(200)
  const event = { source: 'erp', order: 'SO-1', occurredAt: '2026-11-24T08:00:00Z' }
  const events = [
    { ...event, id: '1', type: 'order.placed', data: { customer: '华辰重工' } },
    { ...event, id: '2', type: 'stage.entered', stage: 'pick', actor: 'constructor' },
    { ...event, id: '3', type: 'note.added', data: { text: '等预付款' } },
  ]
  const ingest = await server.createKey(['ingest'])
  expect((await call(`${server.url}/api/v1/events`, { key: ingest, body: events })).status).toBe(200)
})
afterAll(() => server.close())
beforeEach(async () => {
  await put('/api/v1/privacy', { customers: 'shown', amounts: 'shown', people: 'shown' })
  expect((await put('/api/v1/translations', all)).status).toBe(200)
})

const get = (path: string) => call(`${server.url}${path}`, { key: read })
const put = (path: string, body: object) => call(`${server.url}${path}`, { key: admin, method: 'PUT', body })

async function shownBoard() {
  // A board is at most as old as its update interval.
  clock.advanceTo(clock.now() + 1_000)
  return board.parse((await call(`${server.url}/api/v1/board`, { key: read })).body)
}

describe('what a site translates', () => {
  it('is on its boards beside the texts that they show, and nothing else is', async () => {
    const { translations, overdue } = await shownBoard()
    expect(overdue.rows['SO-1']).toMatchObject({ customer: '华辰重工', reason: '等预付款', owner: 'constructor' })
    expect(translations).toEqual({ 华辰重工: huachen, 等预付款: waiting })
  })

  it('stands beside the texts of lists and orders, and in the names of a heat map', async () => {
    const told = { 华辰重工: huachen, 等预付款: waiting }
    expect((await get('/api/v1/orders')).body).toMatchObject({ orders: [{ customer: '华辰重工' }], translations: told })
    expect((await get('/api/v1/orders/SO-1')).body).toMatchObject({ reason: '等预付款', translations: told })
    const { body } = await get('/api/v1/stages/heatmap?rows=customer&metric=wip&from=2026-11-24T00:00:00Z')
    expect(body).toMatchObject({ rows: [{ key: '华辰重工', name: huachen }] })
  })

  it('tells nobody the name of a customer that is masked', async () => {
    await put('/api/v1/privacy', { customers: 'masked', amounts: 'shown', people: 'shown' })
    const shown = await shownBoard()
    expect(shown.translations).toEqual({ 等预付款: waiting })
    expect(JSON.stringify(shown)).not.toContain('Huachen')
    for (const path of ['/api/v1/orders', '/api/v1/orders/SO-1', '/api/v1/overview']) {
      expect([path, JSON.stringify((await get(path)).body)]).toEqual([path, expect.not.stringContaining('Huachen')])
    }
  })

  it('is read and changed by who manages the site only', async () => {
    const address = `${server.url}/api/v1/translations`
    expect((await call(address, { key: read })).status).toBe(403)
    expect((await call(address, { key: read, method: 'PUT', body: {} })).status).toBe(403)
    expect(siteTranslations.parse((await call(address, { key: admin })).body).translations).toEqual(all)
  })

  it('is on record, with what it was before', async () => {
    await put('/api/v1/translations', { 别处: elsewhere })
    const { body } = await call(`${server.url}/api/v1/admin/changes?limit=1`, { key: admin })
    expect(body).toMatchObject({
      changes: [{ action: 'translations.changed', before: all, after: { 别处: elsewhere } }],
    })
    expect((await shownBoard()).translations).toBeUndefined()
  })
})

it.each([{ '': { en: 'x' } }, { text: {} }, { text: { English: 'x' } }, { text: { en: '' } }])(
  'refuses %j',
  async (body) => {
    expect((await put('/api/v1/translations', body)).status).toBe(400)
  },
)

it('a stage that has a name in another language only is shown by it to all others', async () => {
  const name = { de: 'Kommissionieren', zh: 'Kommissionieren', en: 'Kommissionieren' }
  expect((await shownBoard()).stages['pick']?.name).toEqual(name)
})
