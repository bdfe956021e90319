import { actOnApproval } from '@stagewatch/server/approvals/act-on-approval.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'

let server: PeopledServer
let approver: string

beforeAll(async () => {
  server = await startPeopled()
  await server.join('li@example.com', { role: 'viewer' })
  const [person] = await server.database.query<{ id: string }>(`select id from users where email = 'li@example.com'`)
  approver = person?.id ?? ''
  await requireApproval(1)
  await server.database.query(
    `insert into channels (site, id, kind, name, enabled, settings, sealed, created_at)
     values ('main', 'mail', 'email', 'Mail', true, '{}'::jsonb, '', now())`,
  )
})
afterAll(() => server.close())

/** Orders wait in the stage for the approver, several times one after the other. */
async function requireApproval(stepCount: number): Promise<void> {
  const step = { approvers: [{ kind: 'person', id: approver }], quorum: { kind: 'any' } } as const
  const approval = { steps: Array.from({ length: stepCount }, () => step), returnTo: 'placed' }
  const site = await server.server.sites.get('main')
  await site.saveProcess({
    code: site.catalog.onlyProcess ?? 'default',
    name: { en: 'Orders' },
    stages: [plainStage('placed'), { ...plainStage('approval'), approval }, plainStage('produced')],
    acceptsNewStages: true,
    goals: {},
  })
}

let orders = 0

/** Creates an order that waits for approval. Returns it with the link sent to its approver. */
async function waiting(): Promise<{ order: string; link: string }> {
  const order = `SO-${(orders += 1)}`
  const event = { source: 'erp', id: order, type: 'stage.entered', order, stage: 'approval' }
  const body = {
    ...event,
    occurredAt: new Date(server.server.clock.now() - 1_000).toISOString(),
    data: { amount: 700 },
  }
  expect(await server.ada.call('/api/v1/events', { body })).toMatchObject({ status: 200 })
  // PostgreSQL holds an event back from its consumer while an earlier transaction is open.
  const link = await eventually(async () => {
    await server.server.approvals.work()
    const [sent] = await server.database.query<{ link: string }>(
      `select message->>'link' as link from messages where channel_id = 'mail' and message->'orders' ? $1`,
      [order],
    )
    expect(sent).toBeDefined()
    return sent?.link ?? ''
  })
  return { order, link: `${server.url}${link}` }
}

const page = async (link: string): Promise<string> => (await fetch(link)).text()
const decide = async (link: string, form: Record<string, string>): Promise<string> =>
  (await fetch(link, { method: 'POST', body: new URLSearchParams(form) })).text()

async function outcomeOf(order: string): Promise<string | null | undefined> {
  const [row] = await server.database.query<{ outcome: string | null }>(
    `select outcome from approvals where order_id = $1`,
    [order],
  )
  return row?.outcome
}

it('shows what is to be decided, as often as a mail program opens it, and decides nothing by that', async () => {
  const { order, link } = await waiting()
  expect(await page(link)).toContain(`${order} waits for your approval`)
  expect(await page(link)).toContain('700')
  expect(await outcomeOf(order)).toBeNull()
})

it('decides once, without a sign-in, and says afterwards that it was used', async () => {
  const { order, link } = await waiting()
  expect(await decide(link, { action: 'approve' })).toContain('Approved.')
  expect(await outcomeOf(order)).toBe('approved')
  expect(await decide(link, { action: 'reject', comment: 'No' })).toContain('has been used already')
  expect(await page(link)).toContain('has been used already')
  const found = await server.database.query(
    `select how, by_id from approval_entries e join approvals a on a.id = e.approval_id where a.order_id = $1`,
    [order],
  )
  expect(found).toEqual([{ how: 'link', by_id: approver }])
})

it('rejects only with a reason', async () => {
  const { order, link } = await waiting()
  expect(await decide(link, { action: 'reject', comment: ' ' })).toContain('Write why you reject it.')
  expect(await outcomeOf(order)).toBeNull()
  expect(await decide(link, { action: 'reject', comment: 'Too dear' })).toContain('Rejected.')
  expect(await outcomeOf(order)).toBe('rejected')
})

it('opens nothing when it has expired, was made up, or the order was decided otherwise', async () => {
  const { order, link } = await waiting()
  expect(await page(`${link}x`)).toContain('There is no such link')
  await server.database.query(`update approval_links set expires_at = now() - interval '1 hour' where used_at is null`)
  expect(await decide(link, { action: 'approve' })).toContain('has expired')
  expect(await outcomeOf(order)).toBeNull()
  const other = await waiting()
  await server.database.query(`update approvals set outcome = 'withdrawn' where order_id = $1`, [other.order])
  expect(await page(other.link)).toContain('has been decided')
})

it('decides one step, even if its form is submitted twice at once', async () => {
  await requireApproval(2)
  const { order } = await waiting()
  const [link] = await server.database.query<{ id: number; hash: string; step: number }>(
    `select l.approval_id::float8 as id, l.hash, l.step from approval_links l
     join approvals a on a.site = l.site and a.id = l.approval_id where a.order_id = $1`,
    [order],
  )
  const { id, ...opened } = link!
  const acting = {
    database: server.database,
    pipeline: await server.server.sites.get('main'),
    person: approver,
    isManager: false,
    author: { kind: 'person', name: 'li@example.com', site: 'main' },
    how: 'link',
    link: opened,
  } as const
  // Both requests have found the link unused.
  const submit = () => actOnApproval(acting, id, { action: 'approve' }, server.server.clock.now())
  const results = await Promise.allSettled([submit(), submit()])
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(await outcomeOf(order)).toBeNull()
  await requireApproval(1)
})

describe('decides nothing', () => {
  const leave = () => server.ada.call(`/api/v1/people/${approver}`, { method: 'DELETE' })
  const disable = () => server.ada.call(`/api/v1/people/${approver}/disable`, { body: {} })

  it.each([
    ['has left the site', leave],
    ['may not sign in any more', disable],
  ])('when its receiver %s', async (_why, end) => {
    const { order, link } = await waiting()
    const before = await server.database.query('select * from memberships where user_id = $1', [approver])
    expect(before).toHaveLength(1)
    expect((await end()).status).toBe(200)
    expect(await page(link)).not.toContain(order)
    expect(await decide(link, { action: 'approve' })).toContain('no longer waits for you')
    expect(await outcomeOf(order)).toBeNull()
    await server.database.query(
      `insert into memberships (site, user_id, role) values ('main', $1, 'viewer') on conflict do nothing`,
      [approver],
    )
    await server.database.query('update users set disabled_at = null where id = $1', [approver])
  })
})

it('is stored as a hash, and stops whoever tries too many', async () => {
  const [stored] = await server.database.query<{ hash: string }>('select hash from approval_links limit 1')
  expect(stored?.hash).toMatch(/^[0-9a-f]{64}$/)
  const { link } = await waiting()
  expect(link).not.toContain(stored?.hash)
  for (let tried = 0; tried < 60; tried += 1) await fetch(`${server.url}/approve/none`)
  expect(await page(link)).toContain('Too many attempts')
})
