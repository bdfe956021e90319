import { board } from '@stagewatch/shared/contract/board.ts'
import { alertDetail, alertList, alertTargets } from '@stagewatch/shared/contract/alerts.ts'
import { alertRuleCreated, alertRuleList } from '@stagewatch/shared/contract/alert-rules.ts'
import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'

const hourMs = 3_600_000
let server: PeopledServer
let mei: Visitor
let li: Visitor
/** Sees another department. */
let fang: Visitor
let key: string

beforeAll(async () => {
  server = await startPeopled()
  const pipeline = await server.server.sites.get('main')
  const limits = { targetMs: hourMs, warnAtRatio: 0.8, toleranceRatio: 0.1 }
  await pipeline.saveProcess({
    code: 'default',
    name: { zh: '订单', en: 'Orders' },
    stages: [{ code: 'cut', name: { zh: '裁剪', en: 'Cutting' }, ...limits }],
    acceptsNewStages: true,
    goals: {},
  })
  key = await server.createKey(['ingest'])
  mei = await server.join('mei@example.com', { role: 'manager' })
  li = await server.join('li@example.com', { role: 'operator', departments: ['store'] })
  fang = await server.join('fang@example.com', { role: 'lead', departments: ['fleet'] })
  await server.join('vera@example.com', { role: 'viewer' })
  for (const [name, ratio] of [
    ['Overdue', 1],
    ['Very overdue', 1.0001],
  ] as const)
    await server.ada.call('/api/v1/alert-rules', {
      body: {
        name,
        severity: 'warning',
        enabled: true,
        condition: { kind: 'target', ratio },
        scope: {},
        ladder: [{ afterMs: hourMs, to: [{ kind: 'managers' }] }],
        acknowledgedForMs: hourMs,
        mergeMs: 0,
      },
    })
})
afterAll(() => server.close())

/** Sends an order that exceeds its limit in two seconds, and waits for its alerts. @returns their numbers by rule. */
async function alertsOf(order: string): Promise<Record<string, number>> {
  const occurredAt = new Date(Date.now() - hourMs + 2_000).toISOString()
  const entered = someEvent({ order, stage: 'cut', occurredAt, data: { department: 'store' } })
  expect((await call(`${server.url}/api/v1/events`, { key, body: [entered] })).body).toMatchObject({ accepted: 1 })
  return eventually(async () => {
    const { alerts } = alertList.parse((await mei.call(`/api/v1/alerts?order=${order}`)).body)
    expect(alerts).toHaveLength(2)
    return Object.fromEntries(alerts.map(({ id, rule }) => [rule.name, id]))
  }, 200)
}

const alertFor = async (visitor: Visitor, id: number | undefined) =>
  alertDetail.parse((await visitor.call(`/api/v1/alerts/${id}`)).body)
const act = (visitor: Visitor, id: number | undefined, action: string, body: object = {}) =>
  visitor.call(`/api/v1/alerts/${id}/${action}`, { body })

async function rowOf(order: string) {
  const { orders } = ordersAnswer.parse((await mei.call(`/api/v1/orders?q=${order}`)).body)
  return orders.find((row) => row.order === order)
}

describe('somebody who acknowledges an alert', () => {
  it('acknowledges its order in every list, and with it the other alerts of the visit, each once', async () => {
    const { Overdue: first, 'Very overdue': second } = await alertsOf('ACK-1')
    expect((await rowOf('ACK-1'))?.acknowledged).toBeUndefined()
    expect((await act(mei, first, 'acknowledge')).status).toBe(200)
    const { acknowledgedAt } = await alertFor(mei, first)
    await eventually(async () => {
      expect((await rowOf('ACK-1'))?.acknowledged).toEqual({ at: acknowledgedAt, by: 'mei' })
      expect(await alertFor(mei, second)).toMatchObject({
        state: 'acknowledged',
        acknowledgedAt,
        acknowledgedBy: 'mei',
      })
    }, 200)
    await eventually(async () => {
      const shown = board.parse((await mei.call('/api/v1/board')).body).overdue.rows['ACK-1']
      expect(shown).toMatchObject({ acknowledged: true, unclaimed: true })
    }, 200)
    for (const id of [first, second]) {
      const { log } = await alertFor(mei, id)
      expect(log.map(({ kind, by }) => [kind, by])).toEqual([
        ['began', undefined],
        ['acknowledged', 'mei'],
      ])
    }
    // The order's page refuses what is done already, and the log has one event.
    const again = { id: 'acknowledge-again', stage: 'cut', do: { action: 'acknowledge' } }
    expect((await mei.call('/api/v1/orders/ACK-1/actions', { body: again })).status).toBe(409)
    const stored = await server.database.query(
      `select actor, source from events where order_id = 'ACK-1' and type = 'order.acknowledged'`,
    )
    expect(stored).toEqual([{ actor: 'mei', source: 'desk' }])
  })
})

describe('somebody who hands an alert over', () => {
  it('chooses among people who see it and may act, and the colleague accepts, which acknowledges the order', async () => {
    const { Overdue: id } = await alertsOf('HAND-1')
    const { people } = alertTargets.parse((await mei.call(`/api/v1/alerts/${id}/targets`)).body)
    expect(people.map(({ name }) => name)).toEqual(['Ada', 'li'])
    const to = people.find(({ name }) => name === 'li')?.id
    expect(await act(mei, id, 'hand-over', { to, acceptWithinMs: 1 })).toMatchObject({
      status: 400,
      body: { details: [{ field: 'acceptWithinMs' }] },
    })
    expect((await act(mei, id, 'hand-over', { to: 'nobody' })).body).toMatchObject({ code: 'invalid_field' })
    expect((await act(mei, id, 'hand-over', { to })).status).toBe(200)
    expect((await act(mei, id, 'hand-over', { to })).status).toBe(409)
    expect((await act(mei, id, 'accept')).status).toBe(403)
    for (const action of ['hand-over', 'accept', 'decline'])
      expect([action, (await act(fang, id, action, action === 'hand-over' ? { to } : {})).status]).toEqual([
        action,
        404,
      ])
    expect((await fang.call(`/api/v1/alerts/${id}/targets`)).status).toBe(404)
    const asked = await alertFor(li, id)
    expect(asked).toMatchObject({ isHandedToYou: true, handedBy: 'mei', handedTo: 'li' })
    expect(asked.acceptBy).toBeGreaterThan(Date.now() + hourMs / 3)
    await eventually(async () => {
      expect(JSON.stringify((await li.call('/api/v1/inbox')).body)).toContain('mei handed you the alert')
    }, 200)
    expect((await act(li, id, 'accept')).status).toBe(200)
    expect(await alertFor(mei, id)).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'li' })
    await eventually(async () => expect((await rowOf('HAND-1'))?.acknowledged?.by).toBe('li'), 200)
    // An accepted alert counts as acknowledged; the other one is that of the test before.
    const { rules } = alertRuleList.parse((await mei.call('/api/v1/alert-rules')).body)
    expect(rules.find(({ name }) => name === 'Overdue')?.week.acknowledgedCount).toBe(2)
  })

  it('is told that the colleague has declined, and why', async () => {
    const { Overdue: id } = await alertsOf('HAND-2')
    const { people } = alertTargets.parse((await mei.call(`/api/v1/alerts/${id}/targets`)).body)
    const to = people.find(({ name }) => name === 'li')?.id
    expect((await act(mei, id, 'hand-over', { to })).status).toBe(200)
    expect((await act(li, id, 'decline', { reason: 'x'.repeat(501) })).status).toBe(400)
    expect((await act(li, id, 'decline', { reason: 'Leaving now' })).status).toBe(200)
    expect((await act(li, id, 'decline')).status).toBe(409)
    const alert = await alertFor(mei, id)
    expect(alert).toMatchObject({ state: 'open' })
    expect(alert.handedTo).toBeUndefined()
    expect(alert.log.at(-1)).toMatchObject({ kind: 'declined', by: 'li', text: 'Leaving now' })
    await eventually(async () => {
      const told = JSON.stringify((await mei.call('/api/v1/inbox')).body)
      expect(told).toContain('li declined the alert')
      expect(told).toContain('Leaving now')
    }, 200)
  })

  it('names and sees nobody at a site that shows no names, while the colleague can still answer', async () => {
    const { Overdue: id } = await alertsOf('HAND-3')
    const { people } = alertTargets.parse((await mei.call(`/api/v1/alerts/${id}/targets`)).body)
    const to = people.find(({ name }) => name === 'li')?.id
    expect((await act(mei, id, 'hand-over', { to })).status).toBe(200)
    const privacy = (names: string) => ({ customers: 'shown', amounts: 'shown', people: names })
    const admin = await server.createKey(['admin'])
    const setNames = (names: string) =>
      call(`${server.url}/api/v1/privacy`, { key: admin, method: 'PUT', body: privacy(names) })
    expect((await setNames('team')).status).toBe(200)
    try {
      const { body } = await li.call(`/api/v1/alerts/${id}`)
      expect(body).toMatchObject({ isHandedToYou: true })
      expect(JSON.stringify(body)).not.toMatch(/"(mei|li)"/)
      expect((await mei.call(`/api/v1/alerts/${id}/targets`)).body).toEqual({ people: [] })
      expect((await act(li, id, 'decline')).status).toBe(200)
      expect((await act(mei, id, 'hand-over', { to })).body).toMatchObject({ code: 'invalid_field' })
      await eventually(async () => {
        expect(JSON.stringify((await mei.call('/api/v1/inbox')).body)).toContain('was declined')
      }, 200)
    } finally {
      await setNames('shown')
    }
  })
})

it('a rule names departments of the site; one that is removed later does not block other changes', async () => {
  const path = '/api/v1/alert-rules'
  const ladderTo = (id: string) => [{ afterMs: 0, to: [{ kind: 'managers' }, { kind: 'department', id }] }]
  const rule = {
    name: 'Held',
    severity: 'info',
    enabled: false,
    condition: { kind: 'held', afterMs: hourMs },
    scope: {},
    ladder: ladderTo('paint'),
    acknowledgedForMs: hourMs,
    mergeMs: 0,
  }
  const refused = await server.ada.call(path, { body: rule })
  expect([refused.status, refused.body]).toMatchObject([
    400,
    { code: 'invalid_field', details: [{ field: 'ladder.0.to.1.id', message: expect.stringContaining('"paint"') }] },
  ])
  const { database } = server.server
  await database.query(
    `insert into departments (site, key, name, aliases) values ('main', 'coating', '{"en": "Coating"}', '{paint}')`,
  )
  const { id } = alertRuleCreated.parse((await server.ada.call(path, { body: rule })).body)
  await database.query('delete from departments')
  const put = (rest: object) =>
    server.ada.call(`${path}/${id}`, { method: 'PUT', body: { ...rule, ...rest }, headers: { 'if-match': '*' } })
  expect(await put({ name: 'On hold' })).toMatchObject({ status: 200 })
  expect((await put({ ladder: ladderTo('welding') })).body).toMatchObject({ code: 'invalid_field' })
  expect((await server.ada.call(`${path}/${id}`, { method: 'DELETE' })).status).toBe(200)
})
