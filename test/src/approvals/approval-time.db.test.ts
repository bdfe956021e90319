import { approvalTimeAnswer } from '@stagewatch/shared/contract/analysis-approvals.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

interface Planted {
  readonly stage: string
  readonly department: string | null
  readonly customer: string
  /** Hours before now. */
  readonly opened: number
  readonly ended?: number
  readonly outcome?: 'approved' | 'rejected' | 'withdrawn'
  readonly isAutomatic?: boolean
}

/** Every fifth approval of the last 20 days is rejected; two of each customer and department. */
const planted: readonly Planted[] = [
  ...Array.from({ length: 60 }, (_, i): Planted => ({
    stage: i % 3 === 0 ? 'price' : 'credit',
    department: i % 2 === 0 ? 'sales' : null,
    customer: i % 4 < 2 ? 'Acme' : 'Beta',
    opened: 8 * i + 1 + (i % 7) * 5,
    ended: 8 * i + 1,
    outcome: i % 5 === 0 ? 'rejected' : 'approved',
  })),
  {
    stage: 'price',
    department: 'sales',
    customer: 'Acme',
    opened: 50,
    ended: 50,
    outcome: 'approved',
    isAutomatic: true,
  },
  { stage: 'price', department: 'sales', customer: 'Acme', opened: 90, ended: 30, outcome: 'withdrawn' },
  { stage: 'price', department: null, customer: 'Acme', opened: 700 },
  { stage: 'price', department: 'sales', customer: 'Beta', opened: 3 },
]

/** Without a step to wait for, the server would approve those that wait. */
const undecided = { approvers: [{ kind: 'lead', department: 'sales' }], quorum: { kind: 'any' } }

let server: PeopledServer
let lead: Visitor
let now: number

beforeAll(async () => {
  server = await startPeopled()
  const pipeline = await server.server.sites.get('main')
  await pipeline.saveProcess({
    code: 'default',
    name: { en: 'Orders' },
    stages: [plainStage('price'), plainStage('credit'), plainStage('make')],
    acceptsNewStages: true,
    goals: {},
  })
  lead = await server.join('lead@example.com', { role: 'lead', departments: ['sales'] })
  now = server.server.clock.now()
  const occurredAt = new Date(now - 800 * hourMs).toISOString()
  const body = planted.map(({ customer }, i) => ({
    source: 'erp',
    id: `e${i}`,
    type: 'order.placed',
    order: `SO-${i}`,
    occurredAt,
    // An approval without a department belongs to that of its order.
    data: { customer, department: i % 2 === 0 ? 'sales' : 'export' },
  }))
  expect(await server.ada.call('/api/v1/events', { body })).toMatchObject({ status: 200 })
  const rows = planted.map(({ opened, ended, ...one }, i) => ({
    ...one,
    order: `SO-${i}`,
    opened: new Date(now - opened * hourMs).toISOString(),
    ended: ended === undefined ? null : new Date(now - ended * hourMs).toISOString(),
  }))
  await server.database.query(
    `insert into approvals (site, order_id, process, stage, nth, entered_at, opened_at, flow, steps, department,
       requester_ids, outcome, is_automatic, ended_at, waiting_since, waiting_for)
     select 'main', r->>'order', 'default', r->>'stage', 1, (r->>'opened')::timestamptz, (r->>'opened')::timestamptz,
       $2::jsonb, '{0}', r->>'department', '{}', r->>'outcome', coalesce((r->>'isAutomatic')::boolean, false),
       (r->>'ended')::timestamptz, (r->>'opened')::timestamptz, '{}'
     from jsonb_array_elements($1::jsonb) r`,
    [JSON.stringify(rows), JSON.stringify({ steps: [undecided] })],
  )
})
afterAll(() => server.close())

const ask = async (visitor: Visitor, search: Readonly<Record<string, string>> = {}) =>
  approvalTimeAnswer.parse((await visitor.call(`/api/v1/analysis/approvals?${new URLSearchParams(search)}`)).body)

/** The same figures by a plain loop over what was planted. */
function expected(isCounted: (one: Planted, index: number) => boolean, days: number) {
  const counted = planted.filter(isCounted)
  const ended = counted.filter(({ ended: at }) => at !== undefined && at * hourMs <= days * dayMs)
  const decided = ended.filter(({ outcome, isAutomatic }) => outcome !== 'withdrawn' && isAutomatic !== true)
  const waits = decided.map((one) => (one.opened - (one.ended ?? 0)) * hourMs).toSorted((a, b) => a - b)
  const nearest = (share: number) => waits[Math.ceil(share * waits.length) - 1]
  const running = counted.filter(({ outcome }) => outcome === undefined)
  return {
    decided: decided.length,
    rejected: decided.filter(({ outcome }) => outcome === 'rejected').length,
    automatic: ended.filter(({ isAutomatic }) => isAutomatic === true).length,
    totalMs: waits.reduce((sum, wait) => sum + wait, 0),
    p50Ms: nearest(0.5),
    p90Ms: nearest(0.9),
    waiting: running.length,
  }
}

const departmentOf = ({ department }: Planted, i: number) => department ?? (i % 2 === 0 ? 'sales' : 'export')

it('is the time from opening to decision of those decided in the period, by stage and altogether', async () => {
  const from = new Date(now - 10 * dayMs).toISOString()
  const answer = await ask(server.ada, { from })
  expect(answer.total).toMatchObject(expected(() => true, 10))
  for (const stage of ['price', 'credit']) {
    expect(answer.rows.find((row) => row.stage === stage)).toMatchObject(expected((one) => one.stage === stage, 10))
  }
  expect(answer.rows).toHaveLength(2)
  expect(answer.total.longestMs).toBeGreaterThanOrEqual(700 * hourMs)
  expect(answer.total.longestMs).toBeLessThan(701 * hourMs)
  // The planted ones suffice to tell the figures apart.
  const { decided, rejected, p50Ms, p90Ms } = answer.total
  expect(new Set([decided, rejected, p50Ms, p90Ms]).size).toBe(4)
})

it('follows the filters, and shows a lead only those of their departments', async () => {
  const from = new Date(now - 20 * dayMs).toISOString()
  const { total } = await ask(server.ada, { from, customer: 'Beta' })
  expect(total).toMatchObject(expected(({ customer }) => customer === 'Beta', 20))
  const own = await ask(lead, { from })
  expect(own.total).toMatchObject(expected((one, i) => departmentOf(one, i) === 'sales', 20))
  expect((await ask(lead, { from, department: 'export' })).total).toEqual({
    decided: 0,
    rejected: 0,
    automatic: 0,
    totalMs: 0,
    waiting: 0,
  })
})

it('is empty for a period without any, and refuses one that has not begun', async () => {
  const [from, to] = [now - 300 * dayMs, now - 299 * dayMs].map((at) => new Date(at).toISOString())
  const { total } = await ask(server.ada, { from: from ?? '', to: to ?? '' })
  expect(total).toMatchObject({ decided: 0, totalMs: 0 })
  expect(await server.ada.call('/api/v1/analysis/approvals?from=2999-01-01T00:00:00Z')).toMatchObject({
    status: 400,
    body: { code: 'invalid_field' },
  })
})
