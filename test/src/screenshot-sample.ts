import type { Role } from '@stagewatch/shared/domain/access/role.ts'
import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import type { BrowserContext, Page } from 'playwright-core'
import { request as newRequest } from 'playwright-core'
import { deskStates, settled, type DeskState } from './fixture/desk-states.ts'
import buildClient from './harness/build-client.ts'
import { takeDeskShots, type DeskShot } from './harness/desk-shots.ts'
import { startServer } from './harness/start-server.ts'

/**
 * Pictures of overview, orders, one order and first run in every state, for looking at, from the running sample:
 * `node test/src/screenshot-sample.ts [--theme dark] [--size phone] [--language zh] [name …]`.
 */
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

function shotOf({ name, path, part, isWindowOnly, before, act }: DeskState, cookies: Cookies): DeskShot {
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
async function statesOf(lead: Cookies): Promise<readonly DeskState[]> {
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
  const busy = new Set((await orders('status=overdue&limit=500')).map(({ customer }) => customer))
  const calm = (await orders('status=open&limit=500')).find(({ customer }) => !busy.has(customer))
  return deskStates({
    overdue: overdue.order,
    long: mentioned.order,
    held: held.order,
    completed: completed.order,
    fine: fine.order,
    calmCustomer: calm?.customer ?? 'Nobody',
  })
}
