import type { Browser } from 'playwright-core'
import { taskDone } from '@stagewatch/shared/contract/tasks.ts'
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import type { Visitor } from '../identity/visitor.ts'
import { openDeskAs, phone } from './desk-page.ts'
import type { DeskOptions, DeskPage } from './desk-page.ts'
import { startDeskPlant } from './desk-plant.ts'
import type { DeskPlant } from './desk-plant.ts'

let plant: DeskPlant
let mei: Visitor
let requests = 0
beforeAll(async () => {
  plant = await startDeskPlant()
  mei = await plant.join('mei@example.com', { role: 'operator' })
  const rules = {
    assigns: false,
    maxPerPerson: 4,
    confirmMinutes: 30,
    waitingHours: 4,
    needsVerification: true,
  }
  const saved = await plant.ada.call('/api/v1/task-rules', { method: 'PUT', body: rules, headers: { 'if-match': '*' } })
  expect(saved.status).toBe(200)
}, 60_000)
afterAll(() => plant.close())
beforeEach(() => plant.database.query('delete from tasks'))

const openAs = (browser: Browser, visitor: Visitor, path = '/tasks', options?: DeskOptions) =>
  openDeskAs(browser, plant.url, visitor, path, options)
const column = ({ page }: DeskPage, name: string) => page.getByRole('region', { name, exact: true })
const card = (desk: DeskPage, name: string, title: string) =>
  column(desk, name).locator('[data-task]').filter({ hasText: title })

async function create(title: string): Promise<number> {
  const body = { id: `browser-task-${String(++requests).padStart(4, '0')}`, title, order: 'CUT-000' }
  const reply = await plant.ada.call('/api/v1/tasks', { body })
  expect(reply).toMatchObject({ status: 200 })
  return taskDone.parse(reply.body).id
}

/** What is wrong with the page once nothing moves on it any more. */
async function lookedAt(desk: DeskPage) {
  await expect.poll(() => desk.problems()).toEqual([])
  return axeViolations(desk.page, 'main')
}

describe('the task board', () => {
  test('a card that one person drags moves for everybody, and who moves it second is told who was first', async ({
    browser,
  }) => {
    await create('Call a truck')
    await create('Count boxes')
    const ada = await openAs(browser, plant.ada)
    const other = await openAs(browser, mei, '/tasks', { language: 'zh' })
    await card(ada, 'Unclaimed', 'Call a truck').dragTo(column(ada, 'In progress'))
    await card(ada, 'In progress', 'Call a truck').waitFor()
    // The other one did nothing.
    await card(other, '处理中', 'Call a truck').getByText('Ada').waitFor()
    expect(await lookedAt(ada)).toEqual([])
    expect(await lookedAt(other)).toEqual([])

    // Ada claims the second card just before the request of Mei arrives.
    await other.page.route('**/moves', async (route) => {
      await plant.ada.call(new URL(route.request().url()).pathname, { body: { revision: 0, do: { kind: 'claim' } } })
      await route.continue()
    })
    await card(other, '未认领', 'Count boxes').dragTo(column(other, '处理中'))
    await other.sees('Ada 先一步操作：“Count boxes”现在在“处理中”')
    await card(other, '处理中', 'Count boxes').getByText('Ada').waitFor()
    expect([ada.errors, other.errors]).toEqual([[], []])
  })

  test('goes by keys alone from claim to a verified end, and says what was done', async ({ browser }) => {
    await create('Call a truck')
    const ada = await openAs(browser, plant.ada)
    await card(ada, 'Unclaimed', 'Call a truck').focus()
    await ada.page.keyboard.press('m')
    await ada.page.keyboard.press('2')
    await ada.page.getByRole('status').getByText('“Call a truck” moved to In progress').waitFor()
    await card(ada, 'In progress', 'Call a truck').focus()
    await ada.page.keyboard.press('m')
    await ada.page.keyboard.press('3')
    await ada.page.getByRole('dialog').getByLabel('Waiting for').fill('carrier')
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Wait for others' }).last().click()
    await ada.page.keyboard.press('Escape')
    await card(ada, 'Waiting for others', 'Call a truck').getByText('carrier').waitFor()
    await card(ada, 'Waiting for others', 'Call a truck').focus()
    await ada.page.keyboard.press('m')
    await ada.page.keyboard.press('4')
    await card(ada, 'To verify', 'Call a truck').focus()
    await ada.page.keyboard.press('m')
    await ada.page.keyboard.press('5')
    await ada.sees('Somebody other than the person who did the work has to close it.')

    const other = await openAs(browser, mei)
    await card(other, 'To verify', 'Call a truck').focus()
    await other.page.keyboard.press('m')
    await other.page.keyboard.press('5')
    await card(other, 'Closed today', 'Call a truck').waitFor()
    await card(ada, 'Closed today', 'Call a truck').click()
    await ada.page.getByRole('dialog').getByText('verified and closed it').waitFor()
    expect(await axeViolations(ada.page, 'dialog')).toEqual([])
  })

  test('is a list of what is mine on a phone, with what can be done as buttons', async ({ browser }) => {
    const id = await create('Call a truck')
    await create('Count boxes')
    await mei.call(`/api/v1/tasks/${id}/moves`, { body: { revision: 0, do: { kind: 'claim' } } })
    const desk = await openAs(browser, mei, '/tasks', { language: 'zh', viewport: phone })
    await card(desk, '处理中', 'Call a truck').waitFor()
    expect(await desk.page.getByText('Count boxes').count()).toBe(0)
    expect(await lookedAt(desk)).toEqual([])
    await desk.page.getByRole('button', { name: '提交验证：Call a truck' }).click()
    await card(desk, '待验证', 'Call a truck').waitFor()
  })

  test('a task is created on the page of an order, and G T leads to the board', async ({ browser }) => {
    const ada = await openAs(browser, plant.ada, '/orders/CUT-001')
    await ada.press('New task')
    await ada.page.getByRole('dialog').getByLabel('What is to be done').fill('Ask the customer')
    await ada.press('Create task')
    await ada.page.getByRole('link', { name: 'Ask the customer' }).waitFor()
    await ada.page.locator('main').click({ position: { x: 5, y: 5 } })
    await ada.page.keyboard.press('g')
    await ada.page.keyboard.press('t')
    await card(ada, 'Unclaimed', 'Ask the customer').getByText('CUT-001').waitFor()
    expect(await lookedAt(ada)).toEqual([])
  })

  test('shows who only reads neither keys nor buttons that change something', async ({ browser }) => {
    await create('Call a truck')
    const viewer = await plant.join('viewer@example.com', { role: 'viewer' })
    const desk = await openAs(browser, viewer)
    await card(desk, 'Unclaimed', 'Call a truck').click()
    await desk.page.getByRole('dialog').getByText('created the task').waitFor()
    expect(await desk.page.getByRole('button', { name: /Claim|New task|Comment/ }).count()).toBe(0)
  })
})
