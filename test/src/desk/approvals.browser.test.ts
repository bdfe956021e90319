import type { ApprovalFlow } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { SettableClock } from '../harness/settable-clock.ts'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { openDeskAs, phone } from './desk-page.ts'
import type { DeskOptions, DeskPage } from './desk-page.ts'

const hourMs = 3_600_000
const clock = new SettableClock()
let server: PeopledServer
let key: string
const people: Record<'mei' | 'li' | 'wu', Visitor> = {} as never

beforeAll(async () => {
  server = await startPeopled({ clock })
  for (const name of ['mei', 'li', 'wu'] as const) {
    people[name] = await server.join(`${name}@example.com`, { role: 'manager' })
  }
  const rows = await server.database.query<{ id: string; name: string }>('select id, name from users')
  const idOf = (name: string) => rows.find((row) => row.name === name)?.id ?? ''
  const approval: ApprovalFlow = {
    steps: [
      {
        approvers: [{ kind: 'person', id: idOf('mei') }],
        quorum: { kind: 'any' },
        timeout: { afterMs: hourMs, deputy: idOf('wu') },
      },
    ],
    returnTo: 'enter',
  }
  const stage = { warnAtRatio: 0.8, toleranceRatio: 0.1, targetMs: 8 * hourMs }
  const pipeline = await server.server.sites.get('main')
  await pipeline.saveProcess({
    code: 'default',
    name: { zh: '订单', en: 'Orders' },
    stages: [
      { code: 'enter', name: { zh: '录入', en: 'Entry' }, ...stage },
      { code: 'review', name: { zh: '审核', en: 'Review' }, ...stage, approval },
      { code: 'make', name: { zh: '生产', en: 'Production' }, ...stage },
    ],
    acceptsNewStages: false,
    goals: {},
  })
  key = await server.createKey(['ingest'])
}, 60_000)
afterAll(() => server.close())

const openAs = (browser: Browser, visitor: Visitor, path: string, options?: DeskOptions) =>
  openDeskAs(browser, server.url, visitor, path, options)

async function enterReview(order: string): Promise<void> {
  const occurredAt = new Date(clock.now()).toISOString()
  const event = someEvent({ order, type: 'stage.entered', stage: 'review', occurredAt, data: { amount: 52_000 } })
  expect((await call(`${server.url}/api/v1/events`, { key, body: event })).body).toMatchObject({ accepted: 1 })
}

/** The orders in each stage as the wall shows them. */
async function onWall(wall: Page): Promise<string> {
  const cells = await wall.locator('.strip__cell--wip').allInnerTexts()
  return cells.map((text) => text.trim()).join(' ')
}

async function lookedAt(desk: DeskPage): Promise<unknown[]> {
  await expect.poll(() => desk.problems()).toEqual([])
  return axeViolations(desk.page, 'main')
}

describe('an order that needs approval', () => {
  test('moves on when the person decides to whom it was handed over, on every screen', async ({ browser }) => {
    const [wall, order, mei, li] = await Promise.all([
      openAs(browser, server.ada, '/wall', { viewport: { width: 1920, height: 1080 } }),
      openAs(browser, server.ada, '/overview'),
      openAs(browser, people.mei, '/approvals'),
      openAs(browser, people.li, '/approvals', { language: 'zh', viewport: phone }),
    ])
    await mei.sees('Nothing waits for your approval')
    await li.sees('没有待您审批的事项')
    await enterReview('A-1')
    await expect.poll(() => onWall(wall.page)).toBe('0 1 0')
    await mei.page.getByRole('heading', { name: /A-1/ }).waitFor()
    expect(await lookedAt(mei)).toEqual([])
    await order.page.goto(`${server.url}/orders/A-1`)
    await order.page.getByText('Waiting since').first().waitFor()

    await mei.press('Hand over')
    await mei.fill('Find a person', 'li')
    await mei.page.getByLabel('Decides from now on').getByText('li', { exact: true }).waitFor({ state: 'attached' })
    await mei.press('Hand over now')
    await mei.sees('Nothing waits for your approval')
    await li.page.getByRole('button', { name: /A-1/ }).click()
    await li.press(/^同意/)
    await li.page.getByText('已同意', { exact: true }).first().waitFor()

    await expect.poll(() => onWall(wall.page)).toBe('0 0 1')
    await order.page.getByText('mei handed over to li.').waitFor()
    await order.page.getByRole('region', { name: 'Order facts' }).getByText('Production').waitFor()
    expect([wall.errors, order.errors, mei.errors, li.errors]).toEqual([[], [], [], []])
  })

  test('is offered to the deputy when the time of the approver is over, whose rejection sends it back', async ({
    browser,
  }) => {
    await enterReview('A-2')
    const [wall, overview, wu] = await Promise.all([
      openAs(browser, server.ada, '/wall', { viewport: { width: 1920, height: 1080 } }),
      openAs(browser, people.wu, '/overview'),
      openAs(browser, people.wu, '/approvals', { language: 'zh' }),
    ])
    await expect.poll(() => onWall(wall.page)).toBe('0 1 1')
    await wu.sees('没有待您审批的事项')
    clock.set(2 * hourMs)
    await wu.page.getByRole('heading', { name: /A-2/ }).waitFor()
    await overview.page.getByRole('link', { name: /^Approvals waiting for you\s*1$/ }).waitFor()
    await wu.press(/^驳回/)
    await wu.sees('请填写驳回原因。')
    expect(await lookedAt(wu)).toEqual([])
    await wu.page.getByLabel('意见（驳回必填）').fill('缺少报价单')
    await wu.press(/^驳回/)
    await wu.sees('没有待您审批的事项')
    await expect.poll(() => onWall(wall.page)).toBe('1 0 1')
    await overview.page.getByRole('link', { name: /^Approvals waiting for you/ }).waitFor({ state: 'detached' })
    expect([wall.errors, overview.errors, wu.errors]).toEqual([[], [], []])
  })
})
