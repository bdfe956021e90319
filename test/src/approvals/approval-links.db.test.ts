import { actOnApproval } from '@stagewatch/server/approvals/act-on-approval.ts'
import { removeLeftTokens } from '@stagewatch/server/channels/link-tokens.ts'
import { messageLog } from '@stagewatch/shared/contract/message-log.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { tablesWith } from '../harness/tables-with.ts'
import { openMailBox } from '../identity/mail-box.ts'
import type { MailBox } from '../identity/mail-box.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'

const address = 'li@example.com'
let mailBox: MailBox
let server: PeopledServer
let approver: string

beforeAll(async () => {
  mailBox = await openMailBox()
  const variables = {
    SECRETS_KEY: Buffer.alloc(32, 9).toString('base64'),
    PUBLIC_URL: 'http://stagewatch.example',
    ...mailBox.variables,
  }
  server = await startPeopled({ variables })
  await server.join(address, { role: 'viewer' })
  const [person] = await server.database.query<{ id: string }>('select id from users where email = $1', [address])
  approver = person?.id ?? ''
  await requireApproval(1)
  const mail = { kind: 'email', name: 'Mail', settings: {}, secrets: {} }
  expect(await server.ada.call('/api/v1/channels', { body: mail })).toMatchObject({ status: 200 })
})
afterAll(async () => {
  await server.close()
  await mailBox.close()
})

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

/** Creates an order that waits for approval. */
async function enter(): Promise<string> {
  const order = `SO-${(orders += 1)}`
  const event = { source: 'erp', id: order, type: 'stage.entered', order, stage: 'approval' }
  const body = {
    ...event,
    occurredAt: new Date(server.server.clock.now() - 1_000).toISOString(),
    data: { amount: 700 },
  }
  expect(await server.ada.call('/api/v1/events', { body })).toMatchObject({ status: 200 })
  return order
}

/** The address that the mail about the order to its approver leads to. */
async function linkOf(order: string): Promise<string> {
  for (;;) {
    const mail = await mailBox.next(address)
    const [, path] = /http:\/\/stagewatch\.example(\/appr\S+)/.exec(mail) ?? []
    if (path !== undefined && new RegExp(String.raw`\b${order}\b`).test(mail)) return `${server.url}${path}`
  }
}

/** Creates an order that waits for approval. Returns it with the link sent to its approver. */
async function waiting(): Promise<{ order: string; link: string }> {
  const order = await enter()
  return { order, link: await linkOf(order) }
}

/** The mails about the order in the delivery log, newest first. */
async function mailsOf(order: string) {
  const { messages } = messageLog.parse((await server.ada.call(`/api/v1/messages?order=${order}`)).body)
  return messages.filter(({ recipient }) => recipient === address)
}

const tokenOf = (link: string): string => link.slice(link.indexOf('/approve/') + '/approve/'.length)
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

describe('the token in a link', () => {
  it('is readable in no table once the mail was sent', async () => {
    const { order, link } = await waiting()
    await eventually(async () => expect(await mailsOf(order)).toMatchObject([{ state: 'sent' }]))
    expect(await tablesWith(server.database, tokenOf(link))).toEqual([])
    expect(await page(link)).toContain(`${order} waits for your approval`)
  })

  it('is readable in no table once the mail was refused, even if the refusal repeats it', async () => {
    let sent = ''
    mailBox.refusal = (text) => {
      sent = /\/approve\/[\w-]+/.exec(text)?.[0] ?? ''
      return `contains a suspicious link: http://stagewatch.example${sent}`
    }
    const order = await enter()
    const [refused] = await eventually(async () => {
      const mails = await mailsOf(order)
      expect(mails).toMatchObject([{ state: 'refused' }])
      return mails
    })
    mailBox.refusal = undefined
    expect(JSON.stringify(refused?.attempts)).toContain('suspicious link')
    expect(await tablesWith(server.database, tokenOf(sent))).toEqual([])
    // Sent again, the mail leads to the approval, which requires signing in.
    expect(await server.ada.call(`/api/v1/messages/${refused?.id}/resend`, { method: 'POST' })).toMatchObject({
      status: 200,
    })
    expect(new URL(await linkOf(order)).pathname).toBe('/approvals')
  })

  it('is given on to the fallback when its mail is refused', async () => {
    const [row] = await server.database.query<{ id: string }>(`select id from channels where name = 'Mail'`)
    const other = { kind: 'email', name: 'Other mail', settings: {}, secrets: {} }
    const saved = await server.ada.call('/api/v1/channels', { body: other })
    expect(saved).toMatchObject({ status: 200 })
    let refusedCount = 0
    mailBox.refusal = () => {
      refusedCount += 1
      mailBox.refusal = undefined
      return 'not now, not ever'
    }
    const { order, link } = await waiting()
    expect(refusedCount).toBe(1)
    await eventually(async () =>
      expect(await mailsOf(order)).toMatchObject([{ state: 'sent' }, { state: 'refused', channelId: row?.id }]),
    )
    expect(await tablesWith(server.database, tokenOf(link))).toEqual([])
    expect(await page(link)).toContain(`${order} waits for your approval`)
  })

  it('is removed from messages that an earlier version has sent', async () => {
    const { order, link } = await waiting()
    await eventually(async () => expect((await mailsOf(order)).at(-1)).toMatchObject({ state: 'sent' }))
    await server.database.query(
      `update messages set message = jsonb_set(message, '{link}', to_jsonb($2::text))
       where recipient = $3 and message->'orders' ? $1`,
      [order, `/approve/${tokenOf(link)}`, address],
    )
    expect(await tablesWith(server.database, tokenOf(link))).toEqual(['messages'])
    await removeLeftTokens(server.database)
    expect(await tablesWith(server.database, tokenOf(link))).toEqual([])
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
