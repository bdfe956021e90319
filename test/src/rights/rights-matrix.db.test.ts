import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { orderActionsAnswer } from '@stagewatch/shared/contract/order-action.ts'
import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { kpis } from '@stagewatch/shared/contract/board.ts'
import { stageStatsAnswer } from '@stagewatch/shared/contract/stage-stats.ts'
import type { Membership } from '@stagewatch/shared/contract/people.ts'
import { teamList } from '@stagewatch/shared/contract/team.ts'
import { roles } from '@stagewatch/shared/domain/access/action.ts'
import readExcelFile from 'read-excel-file/node'
import { uploadView } from '@stagewatch/shared/contract/uploads.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { call } from '../http/call.ts'
import { join, openScreen } from '../live/screen.ts'
import { pairScreen } from '../screens/pair-screen.ts'
import { leaksTo, mappedRoutes, wrongAnswers } from './find-leaks.ts'
import type { Somebody } from './find-leaks.ts'
import { plantCalendar, weekOf } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { routeMap } from './route-map.ts'
import { hidden, plantSecrets, secret } from './secret-plant.ts'

let server: PeopledServer
/** The token of a screen of the store. */
let token: string
const people: Somebody[] = []

beforeAll(async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 24, 16))
  server = await startPeopled({
    clock,
    variables: { PUBLIC_URL: 'http://stagewatch.example', SECRETS_KEY: Buffer.alloc(32, 1).toString('base64') },
  })
  await plantSecrets(server)
  const admin = await server.createKey(['admin'])
  ;({ token } = await pairScreen(server, admin, { name: 'Store', settings: { departments: ['store'] } }))
  await pairScreen(server, admin, { name: 'SECRET hall', settings: {} })
  await pairScreen(server, admin, { name: 'Hall SECRET', settings: { departments: [hidden.department] } })
  await server.ada.call('/api/v1/invitations', {
    body: { email: 'secret.guest@example.com', role: 'viewer', departments: [hidden.department] },
  })
  const driver = await server.join('secret.driver@example.com', { role: 'lead', departments: [hidden.department] })
  await driver.call('/api/v1/me/profile', {
    method: 'PUT',
    body: { name: 'secret.driver', channels: [{ kind: 'wecom', userId: 'SECRET-user' }] },
    headers: { 'if-match': '*' },
  })
  const { people: found } = teamList.parse((await driver.call('/api/v1/team')).body)
  const away = { from: '2026-11-24', to: '2026-12-24', kind: 'sick' }
  const entered = await driver.call(`/api/v1/team/${found[0]?.id}/absences`, { body: away })
  expect(entered).toMatchObject({ status: 200, body: { people: [{ presence: { state: 'absent' } }] } })
  await warnOfAll()
  await letOthersApprove()
  const task = { id: 'task-of-the-fleet-1', title: 'SECRET truck', order: hidden.order }
  expect(await driver.call('/api/v1/tasks', { body: task })).toMatchObject({ status: 200 })
  await handOverSecrets()
  for (const role of roles) {
    for (const departments of [undefined, ['store']]) {
      const given: Membership = departments === undefined ? { role } : { role, departments }
      const visitor = await server.join(`${role}.${departments?.[0] ?? 'all'}@example.com`, given)
      people.push({ role, departments, visitor })
    }
  }
})
afterAll(() => server.close())

/** Raises a warning for every order that has been in its stage for a minute. */
async function warnOfAll(): Promise<void> {
  const rule = {
    name: 'Stands still',
    severity: 'info',
    enabled: true,
    makesTask: false,
    condition: { kind: 'stalled', afterMs: 60_000, clock: 'elapsed' },
    scope: {},
    ladder: [{ afterMs: 0, to: [{ kind: 'owner' }] }],
    acknowledgedForMs: 3_600_000,
    mergeMs: 0,
  }
  expect(await server.ada.call('/api/v1/alert-rules', { body: rule })).toMatchObject({ status: 200 })
  server.server.alerts.watch.forgetRules()
  await server.server.alerts.watch.catchUp()
}

/** An order of another department waits for somebody there. */
async function letOthersApprove(): Promise<void> {
  const step = { approvers: [{ kind: 'lead', department: hidden.department }], quorum: { kind: 'any' } }
  await server.server.database.query(
    `insert into approvals (site, order_id, process, stage, nth, entered_at, opened_at, flow, steps, department, requester,
       requester_ids, waiting_since, waiting_for)
     values ('main', $1, 'default', 'ship', 1, now(), now(), $2::jsonb, '{0}', $3, 'secret.driver', '{}', now(), $4)`,
    [hidden.order, JSON.stringify({ steps: [step] }), hidden.department, [`lead:${hidden.department}`]],
  )
}

/** The shift of the hidden department has ended, with a note. */
async function handOverSecrets(): Promise<void> {
  const site = await server.server.sites.get('main')
  const operator = { kind: 'operator', name: 'operator' } as const
  const week = weekOf([{ from: '06:00', to: '23:30' }])
  await site.saveCalendar({ ...plantCalendar({ week }), code: 'shifts' }, operator)
  const name = { zh: 'SECRET', en: 'SECRET' }
  const settings = { name, aliases: [], archived: false, calendar: 'shifts' }
  await site.departments.save(hidden.department, settings, operator, '*')
  await site.readRules()
  await server.database.query(
    `insert into handover_settings (site, department, enabled, leads, confirm_within_minutes, enabled_at)
     values ('main', $1, true, '{}', 30, '2026-11-20')`,
    [hidden.department],
  )
  const body = { department: hidden.department, text: 'SECRET note' }
  expect(await server.ada.call('/api/v1/handover-notes', { body })).toMatchObject({ status: 200 })
  await server.server.handovers.look()
}

const ofStore = () => people.filter(({ departments }) => departments !== undefined)

describe('the routes of the API', () => {
  it('are all in the map of access rules', () => {
    const found = mappedRoutes(server.server.routes).map(([name, { access }]) => [name, access])
    expect(Object.fromEntries(found)).toEqual(routeMap)
  })

  it('allow exactly the permitted roles', async () => {
    for (const somebody of people) {
      const { role, departments } = somebody
      const wrong = await wrongAnswers(server.server.routes, somebody)
      expect({ role, departments, wrong }).toEqual({ role, departments, wrong: [] })
    }
  })

  it('refuse anonymous callers, except for the public ones', async () => {
    const stranger = server.visitor()
    for (const [name, { access, method, url }] of mappedRoutes(server.server.routes)) {
      if (access === 'everyone' || method !== 'GET') continue
      expect([name, (await stranger.call(url)).status]).toEqual([name, 401])
    }
  })

  it('describe an invalid request in plain words, never in those of the schema library', async () => {
    const library = /invalid (input|option|key|value|element)|too (small|big)|expected|received|unrecognized/i
    const [told, wrong]: [string[], unknown[]] = [[], []]
    for (const [name, { method, url }] of server.server.routes) {
      if (method === 'HEAD' || name === 'POST /api/auth/sign-out') continue
      const path = url.replace(/:\w+/, 'x'.repeat(300))
      const bodies = [
        {},
        [],
        5,
        { name: '', email: 'x', token: 'x', role: 'x', password: 'x', settings: { scenes: [] } },
      ]
      const asked = ['?site=&limit=x&from=x&rows=x&clock=x', '?limit=0&nothing=1']
      const tries =
        method === 'GET'
          ? asked.map((query) => [query, {}] as const)
          : bodies.map((body) => ['', { method, body }] as const)
      for (const [query, options] of tries) {
        const { status, body } = await server.ada.call(path + query, options)
        if (status < 400 || status >= 500) continue
        told.push(JSON.stringify(body))
        if (library.test(JSON.stringify(body))) wrong.push([name, status, body])
      }
    }
    expect(wrong).toEqual([])
    expect(told.join()).toContain('must not be empty')
  })

  it('would fail this test if one of them lacked its access check', async () => {
    const forgotten = server.server.routes.get('GET /api/v1/stages/stats')!
    const operator = people.find(({ role }) => role === 'operator')!
    forgotten.access = 'identified'
    try {
      expect(await wrongAnswers(server.server.routes, operator)).toEqual(['GET /api/v1/stages/stats answers 200'])
    } finally {
      forgotten.access = 'numbers.read'
    }
  })
})

describe('somebody of the store', () => {
  it('receives nothing about another department or site, whatever they request', async () => {
    const leaks = await Promise.all(ofStore().map((somebody) => leaksTo(server.server.routes, somebody)))
    expect(leaks.flat()).toEqual([])
  })

  it('would fail this test if they could see all departments', async () => {
    const everywhere = people.find(({ role, departments }) => role === 'lead' && departments === undefined)!
    const leaks = await leaksTo(server.server.routes, everywhere)
    const told = [
      'board',
      'orders',
      'orders.csv',
      'orders/F-SECRET-1',
      'orders/F-SECRET-1/progress',
      'stages/heatmap?rows=customer&metric=wip',
      'analysis/time?rows=customer',
      'analysis/lag?rows=actor',
      'corrections',
      'alerts',
      'approvals/1',
      'orders/F-SECRET-1/approvals',
      'tasks',
      'handovers',
      'handovers/1',
      'screens',
    ]
    expect(leaks).toEqual(expect.arrayContaining(told.map((path) => `lead: /api/v1/${path}`)))
  })

  it('learns nothing from shared views, previews of actions, or workbooks', async () => {
    const view = { page: 'orders', name: 'SECRET late', search: `customer=${hidden.customer}`, shared: true }
    expect((await server.ada.call('/api/v1/views', { body: view })).status).toBe(200)
    const asked = [hidden.order, 'NO-SUCH'].map((order) => ({ order, stage: 'ship' }))
    const preview = { action: 'comment', orders: asked }
    const workbook = async ({ cookie }: Visitor) => {
      const response = await fetch(`${server.url}/api/v1/orders.xlsx`, { headers: { cookie } })
      const [sheet] = await readExcelFile(Buffer.from(await response.arrayBuffer()))
      return JSON.stringify(sheet?.data)
    }
    const everywhere = people.find(({ role, departments }) => role === 'lead' && departments === undefined)!
    expect(JSON.stringify((await everywhere.visitor.call('/api/v1/views')).body)).toMatch(secret)
    expect(await workbook(everywhere.visitor)).toMatch(secret)
    for (const { visitor, role } of ofStore()) {
      expect(JSON.stringify((await visitor.call('/api/v1/views')).body)).not.toMatch(secret)
      expect(await workbook(visitor)).not.toMatch(secret)
      if (role !== 'lead') continue
      const { results } = orderActionsAnswer.parse(
        (await visitor.call('/api/v1/order-actions/preview', { body: preview })).body,
      )
      // Whether the order exists is not revealed.
      expect(results[0]?.refused).toEqual(results[1]?.refused)
    }
  })

  it('counts the orders of the store', async () => {
    const { visitor } = ofStore().find(({ role }) => role === 'lead')!
    const orders = ordersAnswer.parse((await visitor.call('/api/v1/orders?status=open')).body)
    expect([orders.total, orders.orders.map(({ order }) => order)]).toEqual([2, ['S-1', 'S-2']])
    const found = ordersAnswer.parse((await visitor.call('/api/v1/orders?q=secret')).body)
    expect(found.total).toBe(0)
    expect(kpis.parse((await visitor.call('/api/v1/kpis')).body).open.count).toBe(2)
    const { stages } = stageStatsAnswer.parse((await visitor.call('/api/v1/stages/stats')).body)
    const counts = stages.map(({ stage, wip, visits }) => [stage, wip, visits])
    expect(Object.fromEntries(counts.map(([stage, ...rest]) => [stage, rest]))).toMatchObject({
      pick: [2, 0],
      ship: [0, 0],
    })
  })

  it('cannot distinguish an order of another department from a missing one', async () => {
    const { visitor } = ofStore().find(({ role }) => role === 'lead')!
    const [others, none] = await Promise.all(
      [hidden.order, 'F-NOTHING-1'].map((order) => visitor.call(`/api/v1/orders/${order}`)),
    )
    expect(others).toMatchObject({ status: 404 })
    expect(withoutRequest(others!.body)).toEqual(withoutRequest(none!.body))
  })

  it('sees of an order that went on to others what happened in the store', async () => {
    const { visitor } = ofStore().find(({ role }) => role === 'lead')!
    const { body } = await visitor.call('/api/v1/orders/V-1')
    expect(body).toMatchObject({
      visits: [{ stage: 'pack' }],
      events: [
        { type: 'order.placed', data: { customer: 'Acme', product: 'Pump', amount: 100 } },
        { stage: 'pack', actor: 'li' },
        { type: 'note.added', data: { text: 'in the store' } },
        { type: 'order.changed', data: { priority: 'high' } },
      ],
    })
    expect(body).not.toHaveProperty('stage')
    expect(body).not.toHaveProperty('department')
  })

  it('sees when a limit changed, but not which person of another department changed it', async () => {
    const { visitor } = ofStore().find(({ role }) => role === 'lead')!
    const { body } = await visitor.call('/api/v1/orders/S-1')
    expect(body).toMatchObject({ dueHistory: [{ by: 'process' }] })
  })

  it('can set up a screen that sees no more than they do', async () => {
    const screen = await openScreen(server.url, { token })
    const answer = await join(screen)
    screen.close()
    expect(answer).toMatchObject({ ok: true, snapshot: { departments: ['store'], kpis: { open: { count: 2 } } } })
    expect(JSON.stringify(answer)).not.toMatch(secret)
    for (const [name, { access, method, url }] of mappedRoutes(server.server.routes)) {
      if (access === 'everyone' || method !== 'GET') continue
      const reply = await call(`${server.url}${url}`, { key: token })
      const mayRead = access === 'board.read' || access === 'screen' || access === 'identified'
      expect([name, reply.status]).toEqual([name, mayRead ? 200 : 403])
      expect(JSON.stringify(reply.body)).not.toMatch(secret)
    }
  })

  it('receives no more through live updates', async () => {
    const { visitor } = ofStore().find(({ role }) => role === 'lead')!
    const connect = () => openScreen(server.url, { headers: { cookie: visitor.cookie, origin: server.url } })
    const [page, other] = [await connect(), await connect()]
    const ask = (question: object, socket = page) =>
      socket.timeout(10_000).emitWithAck('query:watch', question as never)
    const answers = [
      await ask({ kind: 'overview' }),
      await ask({ kind: 'overview', search: `department=${hidden.department}` }),
      await ask({ kind: 'orders', search: 'q=secret' }),
      await ask({ kind: 'orders', search: `department=${hidden.department}&department=store` }),
      await ask({ kind: 'order', order: 'V-1' }),
      await ask({ kind: 'tasks' }, other),
      await ask({ kind: 'tasks', search: 'q=secret' }, other),
      await ask({ kind: 'changes' }, other),
      await ask({ kind: 'inbox' }, other),
      await ask({ kind: 'order', order: hidden.order }),
    ]
    page.close()
    other.close()
    expect(answers.map(({ ok }) => ok)).toEqual([...Array.from({ length: 9 }, () => true), false])
    expect(answers[0]).toMatchObject({ snapshot: { tree: { open: { count: 2 } } } })
    expect(JSON.stringify(answers)).not.toMatch(secret)
    const screen = await openScreen(server.url, { token })
    for (const kind of ['overview', 'orders'] as const) {
      const answer = await screen.timeout(10_000).emitWithAck('query:watch', { kind, search: '' })
      expect(answer).toEqual({ ok: false, code: 'forbidden' })
    }
    screen.close()
  })

  it('finds no file that somebody else uploaded, at any site, whatever their role', async () => {
    const text = 'order_id,stage,timestamp\nF-SECRET-8,ship,2026-11-24T08:00:00Z\n'
    const begun = await server.ada.call('/api/v1/uploads', { body: { file: 'SECRET prices.csv', bytes: text.length } })
    const { id } = uploadView.parse(begun.body)
    const elsewhere = await server.createKey(['admin'], hidden.site)
    const others = await call(`${server.url}/api/v1/uploads`, {
      key: elsewhere,
      body: { file: 'West SECRET.csv', bytes: text.length },
    })
    expect(others.status).toBe(200)
    const asked = [
      [`/${id}`, { method: 'GET' }],
      [`/${id}`, { method: 'DELETE' }],
      [`/${id}/check`, { method: 'POST', body: {} }],
      [`/${id}/check/stop`, { method: 'POST', body: {} }],
      [`/${id}/import`, { method: 'POST', body: { discover: false } }],
      ['', { method: 'GET' }],
    ] as const
    for (const { role, visitor } of people) {
      const live = await openScreen(server.url, { headers: { cookie: visitor.cookie, origin: server.url } })
      const watched: unknown = await live
        .timeout(10_000)
        .emitWithAck('query:watch', { kind: 'upload', id, search: '' } as never)
      live.close()
      const replies = await Promise.all(asked.map(([path, options]) => visitor.call(`/api/v1/uploads${path}`, options)))
      const statuses = replies.map(({ status }) => status)
      const mayImport = statuses.at(-1) === 200
      expect([role, statuses]).toEqual([role, mayImport ? [404, 404, 404, 404, 404, 200] : Array<number>(6).fill(403)])
      expect(JSON.stringify([watched, replies.map(({ body }) => body)])).not.toMatch(secret)
    }
    expect((await server.ada.call(`/api/v1/uploads/${id}`)).body).toMatchObject({ file: 'SECRET prices.csv' })
    expect((await server.ada.call(`/api/v1/uploads/${id}`, { method: 'DELETE' })).status).toBe(200)
  })

  it('finds no other site', async () => {
    const { visitor } = ofStore().find(({ role }) => role === 'lead')!
    expect(await visitor.call(`/api/v1/board?site=${hidden.site}`)).toMatchObject({ status: 403 })
    const options = { site: hidden.site, headers: { cookie: visitor.cookie, origin: server.url } }
    await expect(openScreen(server.url, options)).rejects.toThrow('forbidden')
  })
})

function withoutRequest(body: unknown): unknown {
  return { ...(body as object), requestId: '' }
}
