import type { Role } from '@stagewatch/shared/domain/access/role.ts'
import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import type { BrowserContext, Page } from 'playwright-core'
import { request as newRequest } from 'playwright-core'
import buildClient from './harness/build-client.ts'
import { takeDeskShots, type DeskShot } from './harness/desk-shots.ts'
import { startServer } from './harness/start-server.ts'

/**
 * Pictures of overview, orders, one order and first run in every state, for looking at, from the running sample:
 * `node test/src/screenshot-sample.ts [--theme dark] [--size phone] [--language zh] [name …]`.
 */
interface State {
  readonly name: string
  readonly path: string
  /** Whose eyes it is seen with; `first`: of the administrator of a site without orders. */
  readonly as?: Role | 'first'
  /** What is there when the page has come; by default a heading in the content. */
  readonly part?: string
  readonly isWindowOnly?: boolean
  /** Before the page is opened. */
  readonly before?: (page: Page) => Promise<void>
  /** When it is there. */
  readonly act?: (page: Page) => Promise<void>
}

const setup = { name: '陈伟', email: 'chen.wei@example.com', password: 'a long password' }

await buildClient()
const server = await startServer({ demo: true })
try {
  const cookies = {
    administrator: await enter('administrator'),
    manager: await enter('manager'),
    lead: await enter('lead'),
    operator: await enter('operator'),
    viewer: await enter('viewer'),
    first: await setUp(),
  }
  const states = await statesOf(cookies.lead)
  await takeDeskShots(states.map((state) => shotOf(state, cookies[state.as ?? 'manager'])))
} finally {
  await server.close()
}

function shotOf({ name, path, part, isWindowOnly, before, act }: State, cookies: Cookies): DeskShot {
  return {
    name,
    ...(isWindowOnly !== undefined && { isWindowOnly }),
    async open(page: Page, context: BrowserContext) {
      await context.addCookies(cookies)
      await before?.(page)
      await page.goto(server.url + path)
      await page
        .locator(part ?? '#content h2')
        .first()
        .waitFor()
      if (before === undefined) await settled(page)
      await act?.(page)
      return undefined
    },
  }
}

async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[class*=skeleton]') === null)
}

type Cookies = Parameters<BrowserContext['addCookies']>[0] & Awaited<ReturnType<BrowserContext['cookies']>>

async function enter(role: Role): Promise<Cookies> {
  return sessionAfter('/api/v1/sample/enter', { role })
}

async function setUp(): Promise<Cookies> {
  const token = await server.server.identity.enrollment.newSetupToken()
  return sessionAfter('/api/v1/setup', { token, ...setup })
}

async function sessionAfter(path: string, data: object): Promise<Cookies> {
  const context = await newRequest.newContext({ extraHTTPHeaders: { origin: server.url } })
  const reply = await context.post(server.url + path, { data })
  if (!reply.ok()) throw new Error(`${path}: ${reply.status()} ${await reply.text()}`)
  const { cookies } = await context.storageState()
  await context.dispose()
  return cookies
}

/** Finds or makes the orders that the pictures are about. */
async function statesOf(lead: Cookies): Promise<readonly State[]> {
  const cookie = lead.map(({ name, value }) => `${name}=${value}`).join('; ')
  const headers = { cookie, origin: server.url }
  const orders = async (search: string) => {
    const reply = await fetch(`${server.url}/api/v1/orders?${search}`, { headers })
    return ordersAnswer.parse(await reply.json()).orders
  }
  const act = async (order: { readonly order: string; readonly stage?: string | undefined }, action: object) => {
    const reply = await fetch(`${server.url}/api/v1/orders/${order.order}/actions`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ id: crypto.randomUUID(), stage: order.stage, do: action }),
    })
    if (!reply.ok) throw new Error(`${order.order}: ${await reply.text()}`)
  }
  const [overdue, mentioned, held] = await orders('status=overdue&sort=overdue&limit=3')
  const [completed] = await orders('status=completed&limit=1')
  const [fine] = await orders('status=open&sort=-overdue&limit=1')
  if (!overdue || !mentioned || !held || !completed || !fine) throw new Error('the sample lacks orders')
  await act(held, { action: 'hold', reason: '等客户确认图纸 / drawings', until: Date.now() + 26 * 3_600_000 })
  for (let i = 0; i < 30; i++)
    await act(mentioned, { action: 'comment', comment: `第 ${i} 次询问供应商 / asked again` })
  return [
    ...overviewStates(),
    ...listStates(),
    ...orderStates({
      overdue: overdue.order,
      long: mentioned.order,
      held: held.order,
      completed: completed.order,
      fine: fine.order,
    }),
    ...shellStates(),
  ]
}

function overviewStates(): State[] {
  const path = '/overview'
  const part = '#heat'
  return [
    { name: 'overview', path, part, act: overviewDrawn },
    { name: 'overview-hours', path: `${path}?metric=p50&rows=customer&cols=hour`, part, act: overviewDrawn },
    { name: 'overview-wip', path: `${path}?metric=wip&rows=department`, part, act: overviewDrawn },
    { name: 'overview-weekdays', path: `${path}?metric=visits&rows=product&cols=weekday`, part, act: overviewDrawn },
    { name: 'overview-department', path: `${path}?department=${encodeURIComponent('质量部')}`, part },
    { name: 'overview-none-overdue', path: `${path}?stage=none&customer=Nobody`, part },
    { name: 'overview-custom', path: `${path}?from=2026-11-02&to=2026-11-13`, part, act: overviewDrawn },
    { name: 'overview-loading', path, part: 'main', before: refuse('overview', 'never') },
    { name: 'overview-error', path, part: '#content [role=alert]', before: refuse('overview', 'fail') },
    { name: 'overview-heat-error', path, part: '#content [role=alert]', before: refuse('stages/heatmap', 'fail') },
    { name: 'overview-late', path, part, before: fallSilent, act: sees(/^(Late by|延迟)/) },
    { name: 'overview-offline', path, part, act: cut },
    { name: 'overview-forbidden', path, as: 'operator' },
    { name: 'overview-paused', path, part, act: (page) => page.keyboard.press('p') },
    { name: 'overview-popover', path, part, isWindowOnly: true, act: hoverToday },
    { name: 'overview-filter', path, part, isWindowOnly: true, act: press(/^(Filter|筛选)$/) },
    { name: 'overview-views', path, part, isWindowOnly: true, act: press(/^(Views|视图)$/) },
    { name: 'overview-lead', path, part, as: 'lead', act: overviewDrawn },
    { name: 'first-run', path: '/overview', as: 'first', part: '#content pre' },
  ]
}

function listStates(): State[] {
  const path = '/orders'
  const part = 'tr[data-order]'
  return [
    { name: 'orders', path, part, isWindowOnly: true },
    { name: 'orders-overdue', path: `${path}?status=overdue`, part, isWindowOnly: true },
    {
      name: 'orders-filtered',
      path: `${path}?status=open&stage=qc&customerClass=A&product=x&q=SO`,
      isWindowOnly: true,
    },
    { name: 'orders-filter', path, part, isWindowOnly: true, act: press(/^(Filter|筛选)$/) },
    { name: 'orders-found', path: `${path}?q=SO-26`, part, isWindowOnly: true },
    { name: 'orders-none', path: `${path}?q=nobody-has-this` },
    { name: 'orders-none-held', path: `${path}?site=main&status=held`, as: 'first' },
    { name: 'orders-empty', path: `${path}?site=main`, as: 'first', part: '#content section' },
    { name: 'orders-columns', path, part, isWindowOnly: true, act: press(/^(Columns|列)$/) },
    { name: 'orders-views', path, part, isWindowOnly: true, act: press(/^(Views|视图)$/) },
    { name: 'orders-export', path, part, isWindowOnly: true, act: press(/^(Export|导出)$/) },
    { name: 'orders-selected', path: `${path}?status=overdue`, part, as: 'lead', isWindowOnly: true, act: select },
    {
      name: 'orders-bulk',
      path: `${path}?status=overdue`,
      part,
      as: 'lead',
      isWindowOnly: true,
      act: async (page) => {
        await select(page)
        await page
          .getByRole('region')
          .getByRole('button', { name: /^(Hold|挂起)$/ })
          .click()
        await page.locator('dialog form').waitFor()
        await settled(page)
      },
    },
    { name: 'orders-completed', path: `${path}?status=completed`, part, isWindowOnly: true },
    { name: 'orders-offline', path, part, isWindowOnly: true, act: cut },
    { name: 'orders-loading', path, part: 'main', before: refuse('orders', 'never') },
    { name: 'orders-error', path, part: '#content [role=alert]', before: refuse('orders', 'fail') },
    { name: 'orders-operator', path, part, as: 'operator', isWindowOnly: true },
  ]
}

interface Chosen {
  readonly overdue: string
  readonly long: string
  readonly held: string
  readonly completed: string
  readonly fine: string
}

function orderStates({ overdue, long, held, completed, fine }: Chosen): State[] {
  const part = '#content ol li'
  const of = (order: string) => `/orders/${order}`
  return [
    { name: 'order-open', path: of(fine), part },
    { name: 'order-overdue', path: of(overdue), part, as: 'lead' },
    { name: 'order-in-list', path: `${of(overdue)}?list=status%3Doverdue`, part, as: 'lead', isWindowOnly: true },
    { name: 'order-held', path: of(held), part, as: 'lead' },
    { name: 'order-completed', path: of(completed), part },
    { name: 'order-long', path: of(long), part },
    { name: 'order-viewer', path: of(overdue), part, as: 'viewer' },
    { name: 'order-unknown', path: of('NO-SUCH-ORDER'), part: '#content a' },
    { name: 'order-hold', path: of(overdue), part, as: 'lead', act: (page) => page.keyboard.press('h') },
    {
      name: 'order-working-time',
      path: of(overdue),
      part,
      act: (page) =>
        page
          .getByText(/^(Working time|工作时间|工时)$/)
          .first()
          .click(),
    },
    { name: 'order-table', path: of(overdue), part, act: (page) => page.getByText(/^(Table|表格)$/).click() },
    {
      name: 'order-correct',
      path: of(overdue),
      part,
      as: 'administrator',
      isWindowOnly: true,
      act: (page) =>
        page
          .getByRole('button', { name: /^(Correct|更正)/ })
          .first()
          .click(),
    },
    {
      name: 'order-mention',
      path: of(overdue),
      part,
      as: 'lead',
      act: async (page) => {
        await page.locator('textarea').first().pressSequentially('@')
        await page.locator('[role=listbox] [role=option]').first().waitFor()
      },
    },
    {
      name: 'order-conflict',
      path: of(overdue),
      part,
      as: 'lead',
      before: refuse('orders/*/actions', 'conflict'),
      act: async (page) => {
        await page.keyboard.press('m')
        await page.locator('#content [role=alert]').first().waitFor()
      },
    },
    { name: 'order-offline', path: of(overdue), part, as: 'lead', act: cut },
    { name: 'order-loading', path: of(overdue), part: 'main', before: refuse('orders/*', 'never') },
    { name: 'order-error', path: of(overdue), part: '#content [role=alert]', before: refuse('orders/*', 'fail') },
  ]
}

function shellStates(): State[] {
  const path = '/orders'
  const part = 'tr[data-order]'
  const palette = (text: string) => async (page: Page) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('combobox').pressSequentially(text)
    await page.waitForTimeout(600)
  }
  return [
    { name: 'palette', path, part, isWindowOnly: true, act: palette('') },
    { name: 'palette-found', path, part, isWindowOnly: true, act: palette('SO-26') },
    { name: 'palette-none', path, part, isWindowOnly: true, act: palette('nobody-has-this') },
    { name: 'shortcuts', path, part, isWindowOnly: true, act: (page) => page.keyboard.press('?') },
    { name: 'account-menu', path, part, isWindowOnly: true, act: press(/^(Account|账户|账号)$/) },
    { name: 'sources-sample', path: '/sources', as: 'administrator', part: 'td' },
    { name: 'not-found', path: '/no/such/page', part: 'main h1' },
  ]
}

function press(name: RegExp) {
  return (page: Page) => page.getByRole('button', { name }).first().click()
}

function sees(text: RegExp) {
  return (page: Page) => page.getByText(text).first().waitFor()
}

async function overviewDrawn(page: Page): Promise<void> {
  await page.getByRole('gridcell').last().waitFor()
  await sees(/^(Live|实时) · /)(page)
}

async function hoverToday(page: Page): Promise<void> {
  await overviewDrawn(page)
  await page.getByRole('row').nth(6).getByRole('gridcell').last().hover()
  await page.locator('[role=tooltip], [class*=popover]').first().waitFor()
}

async function select(page: Page): Promise<void> {
  for (const place of [0, 1, 2]) await page.locator('tr[data-order] input').nth(place).check()
}

async function cut(page: Page): Promise<void> {
  await sees(/^(Live|实时) · /)(page)
  await page.context().setOffline(true)
  await sees(/What you see may be out of date|当前内容可能已过时/)(page)
}

/** The socket says nothing any more: what it showed goes stale. */
async function fallSilent(page: Page): Promise<void> {
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const toServer = socket.connectToServer()
    const since = Date.now()
    toServer.onMessage((message) => Date.now() - since < 3_000 && socket.send(message))
  })
}

/** What becomes of one kind of request from now on. */
function refuse(path: string, how: 'never' | 'fail' | 'conflict') {
  return async (page: Page): Promise<void> => {
    // What the socket tells would be shown instead.
    if (how !== 'conflict') await page.routeWebSocket(/socket\.io/, () => undefined)
    await page.route(new RegExp(`/api/v1/${path.replaceAll('*', '[^/?]+')}(\\?|$)`), (route) => {
      if (how === 'never') return undefined
      const code = how === 'fail' ? 'internal' : 'conflict'
      const json = { code, message: 'the order has moved on to another stage', requestId: '7f3a9c21d04e8b65' }
      return route.fulfill({ status: how === 'fail' ? 500 : 409, json })
    })
  }
}
