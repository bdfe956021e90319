import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { expect } from 'vitest'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'

const hourMs = 3_600_000
const names = { picking: '拣货', packing: '包装', testing: '检验', shipping: '发货' }

export interface ScanPlant extends PeopledServer {
  readonly operator: Visitor
  /** An order that has been in the stage, packing by default, for one and a half hours of its limit of two. */
  newOrder(order: string, stage?: keyof typeof names, data?: Readonly<Record<string, unknown>>): Promise<void>
}

/** Starts a server with a process of four stages, and an operator. */
export async function startScanPlant(): Promise<ScanPlant> {
  const server = await startPeopled()
  const site = await server.server.sites.get('main')
  await site.saveProcess({
    code: 'default',
    name: { en: 'Orders', zh: '订单' },
    stages: Object.entries(names).map(([code, zh]) => ({
      ...plainStage(code),
      name: { en: code.slice(0, 1).toUpperCase() + code.slice(1), zh },
      targetMs: 2 * hourMs,
      ...(code === 'packing' && {
        holdReasons: [
          { name: { en: 'No boxes', zh: '缺纸箱' } },
          { name: { en: 'Cleaning', zh: '清洁' }, maxMs: 2 * hourMs },
        ],
      }),
      ...(code === 'shipping' && { terminal: true as const }),
    })),
    paths: [{ from: 'testing', to: 'packing' }],
    acceptsNewStages: false,
    goals: {},
  })
  const key = await server.createKey(['ingest'])
  const operator = await server.join('li.min@example.com', { role: 'operator' })
  return {
    ...server,
    operator,
    async newOrder(order, stage = 'packing', data = {}) {
      const occurredAt = new Date(Date.now() - 1.5 * hourMs).toISOString()
      const facts = { customer: 'Acme Pumps', product: 'Pump 12', ...data }
      const body = someEvent({ order, stage, occurredAt, data: facts })
      expect((await call(`${server.url}/api/v1/events`, { key, body })).body).toMatchObject({ accepted: 1 })
    },
  }
}
