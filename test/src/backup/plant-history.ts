import { expect } from 'vitest'
import type { StartedServer } from '../harness/start-server.ts'
import { sendEvents } from '../harness/send-events.ts'
import { call } from '../http/call.ts'

const [minuteMs, hourMs] = [60_000, 3_600_000]
const stages = ['picking', 'packing', 'shipping']

/** Orders in every state, with holds, comments, a voided event, rejected events, texts that need quotes, and rules. */
export async function plantHistory(server: StartedServer, key: string, now: number): Promise<void> {
  await plantRules(server, key)
  const events = Array.from({ length: 120 }, (_, i) => historyOf(i, now)).flat()
  const { accepted, rejected } = await sendEvents(server.url, key, [
    ...events,
    { source: 'wms', id: 'bad', type: 'stage.entered', order: 'SO-BAD' },
  ])
  expect([accepted, rejected]).toEqual([events.length, 1])
}

/** The process of the orders, and a rule for alerts. */
export async function plantRules({ url }: StartedServer, key: string): Promise<void> {
  const save = async (method: string, path: string, body: unknown) => {
    const reply = await call(`${url}/api/v1/${path}`, { key, method, body })
    expect([path, reply.status, reply.body]).toEqual([path, 200, reply.body])
  }
  const name = { zh: '订单', en: 'Orders' }
  await save('PUT', 'admin/processes/default', {
    code: 'default',
    name,
    stages: stages.map((code) => ({
      code,
      name: { zh: `「${code}」`, en: code },
      targetMs: 4 * hourMs,
      warnAtRatio: 0.8,
      toleranceRatio: 0.1,
    })),
    acceptsNewStages: false,
    goals: {},
  })
  await save('POST', 'alert-rules', {
    name: 'Overdue "now"',
    severity: 'warning',
    enabled: true,
    condition: { kind: 'target', ratio: 1 },
    scope: {},
    ladder: [{ afterMs: 0, to: [{ kind: 'owner' }] }],
    acknowledgedForMs: hourMs,
    mergeMs: 0,
  })
}

function historyOf(i: number, now: number): Record<string, unknown>[] {
  const order = `SO-${i}`
  const begun = now - (12 + (i % 60)) * hourMs
  const at = (minutes: number) => new Date(begun + minutes * minuteMs).toISOString()
  const event = (id: string, type: string, minutes: number, more: object = {}) => ({
    source: 'wms',
    id: `${order}-${id}`,
    type,
    order,
    occurredAt: at(minutes),
    ...more,
  })
  const customer = ['Nordwind "GmbH", Kiel', '佛山五金\n二厂', 'Øresund, A/S'][i % 3]
  const history = [event('placed', 'order.placed', 0, { data: { customer, quantity: i, amount: 0.1 * i } })]
  for (const [step, stage] of stages.slice(0, 1 + (i % 3)).entries())
    history.push(
      event(stage, 'stage.entered', 30 + step * 200, { stage, actor: i % 2 === 0 ? 'Li "Ming"' : undefined }),
    )
  if (i % 5 === 0) history.push(event('held', 'order.held', 500, { data: { reason: 'material' } }))
  if (i % 10 === 0) history.push(event('resumed', 'order.resumed', 560))
  if (i % 7 === 0) history.push(event('note', 'note.added', 570, { data: { comment: 'Says: "tomorrow",\nperhaps' } }))
  if (i % 14 === 0)
    history.push(
      event('void', 'event.voided', 580, { data: { source: 'wms', id: `${order}-note`, reason: 'typed twice' } }),
    )
  if (i % 4 === 3) history.push(event('completed', 'order.completed', 640))
  return history
}
