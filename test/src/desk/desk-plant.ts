import { expect } from 'vitest'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'

const hourMs = 3_600_000

/** The number of orders of each kind; every third order belongs to the department `store`. */
export const planted = {
  lateInCut: 45,
  lateInSew: 6,
  unclaimed: 10,
  atRisk: 6,
  stalled: 6,
  fine: 9,
  signed: 12,
} as const

export interface DeskPlant extends PeopledServer {
  /** Leads the department `store`. */
  readonly lead: Visitor
  send(events: readonly unknown[]): Promise<void>
}

/** An event that occurred this many hours ago. */
export function ago(hours: number, order: string, type: string, more: Readonly<Record<string, unknown>> = {}) {
  const occurredAt = new Date(Date.now() - hours * hourMs).toISOString()
  return someEvent({ order, type, stage: undefined, occurredAt, ...more })
}

/**
 * A site with orders in every state. The limits are 4 h in `cut` and 8 h in `sew`; `pack` has none, and orders stall
 * there.
 */
export async function startDeskPlant(options?: Parameters<typeof startPeopled>[0]): Promise<DeskPlant> {
  const server = await startPeopled(options)
  const stage = (code: string, zh: string, en: string, limits: object) => ({
    code,
    name: { zh, en },
    warnAtRatio: 0.8,
    toleranceRatio: 0.1,
    ...limits,
  })
  const pipeline = await server.server.sites.get('main')
  await pipeline.saveProcess({
    code: 'default',
    name: { zh: '订单', en: 'Orders' },
    stages: [
      stage('cut', '裁剪', 'Cutting', { targetMs: 4 * hourMs }),
      stage('sew', '缝制', 'Sewing', { targetMs: 8 * hourMs }),
      stage('pack', '包装', 'Packing', { stallAfterMs: 2 * hourMs }),
    ],
    acceptsNewStages: true,
    goals: { onTimeRatio: 0.9, leadTimeMs: 24 * hourMs },
  })
  const key = await server.createKey(['ingest'])
  const lead = await server.join('lead@example.com', { role: 'lead', departments: ['store'] })
  const send = async (events: readonly unknown[]): Promise<void> => {
    const reply = await call(`${server.url}/api/v1/events`, { key, body: events })
    expect(reply.body).toMatchObject({ accepted: events.length })
  }
  await send(plantEvents())
  return { ...server, lead, send }
}

function plantEvents(): unknown[] {
  const many = (count: number, name: string, of: (order: string, place: number) => unknown[]): unknown[] =>
    Array.from({ length: count }, (_, i) => of(`${name}-${String(i).padStart(3, '0')}`, i)).flat()
  const facts = (place: number) => ({
    customer: ['Acme', 'Beta', 'Gamma', 'Delta Fördertechnik und Maschinenbau'][place % 4],
    product: ['Coat', 'Shirt'][place % 2],
    department: place % 3 === 0 ? 'store' : 'sales',
  })
  const enter = (hours: number, order: string, stage: string, place: number, actor?: string) => {
    return ago(hours, order, 'stage.entered', { stage, actor, data: facts(place) })
  }
  const someone = (place: number) => (place % 5 === 1 ? undefined : 'Ada')
  return [
    ...many(planted.lateInCut, 'CUT', (order, i) => [enter(100 - i, order, 'cut', i, someone(i))]),
    ...many(planted.lateInSew, 'SEW', (order, i) => [
      enter(30, order, 'cut', i, 'Ada'),
      enter(20 - i, order, 'sew', i, someone(i)),
    ]),
    ...many(planted.atRisk, 'RISK', (order, i) => [enter(3.5, order, 'cut', i, 'Bob')]),
    ...many(planted.stalled, 'STALL', (order, i) => [enter(6, order, 'pack', i, 'Bob')]),
    ...many(planted.fine, 'FINE', (order, i) => [enter(1, order, 'sew', i, 'Bob')]),
    ...many(planted.signed, 'DONE', (order, i) => [
      ago(40 + i, order, 'order.placed', {
        data: { ...facts(i), promisedAt: new Date(Date.now() + (i < 10 ? 1 : -2) * hourMs).toISOString() },
      }),
      enter(30, order, 'sew', i, 'Ada'),
      ago(0, order, 'order.completed'),
    ]),
  ]
}
