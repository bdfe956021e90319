import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import type { Visitor } from '../identity/visitor.ts'
import { openDeskAs, phone } from './desk-page.ts'
import type { DeskOptions, DeskPage } from './desk-page.ts'
import { ago, startDeskPlant } from './desk-plant.ts'
import type { DeskPlant } from './desk-plant.ts'

let plant: DeskPlant
let mei: Visitor
beforeAll(async () => {
  plant = await startDeskPlant()
  mei = await plant.join('mei@example.com', { role: 'manager' })
}, 60_000)
afterAll(() => plant.close())

const openAs = (browser: Browser, visitor: Visitor, path: string, options?: DeskOptions) =>
  openDeskAs(browser, plant.url, visitor, path, options)
const rowOf = ({ page }: DeskPage, text: string) => page.getByRole('row').filter({ hasText: text })
const dialog = ({ page }: DeskPage) => page.getByRole('dialog')
/** Layout and accessibility problems of the page once its animations have finished. */
async function lookedAt(desk: DeskPage) {
  await expect.poll(() => desk.problems()).toEqual([])
  return axeViolations(desk.page, 'main')
}

/** An order in the stage `cut` that exceeds its limit of four hours in this many seconds. */
const almostLate = (order: string, seconds: number) =>
  ago(4 - seconds / 3_600, order, 'stage.entered', { stage: 'cut', data: { customer: 'Acme', department: 'store' } })

describe('alerts on the desk', () => {
  test('a newcomer has a rule in a few presses, an order is warned of, and a second person sees who has it', async ({
    browser,
  }) => {
    const ada = await openAs(browser, plant.ada, '/orders')
    await ada.page.locator('tr[data-order]').first().waitFor()
    let presses = 0
    const press = async (role: 'button' | 'link', name: string) => {
      presses += 1
      await ada.page.getByRole(role, { name, exact: true }).click()
    }
    await press('link', 'Alerts')
    await ada.sees('No alert rules yet')
    await press('link', 'Rules')
    await press('button', 'Switch on: Overdue')
    await press('button', 'Try on the last 30 days')
    // The plant's overdue orders, and six that were overdue in an earlier stage; all alerts were raised at the breach.
    await ada.sees(/\d+ alerts in 30 days, 0 of them more than 4 h before the breach, \d+ a day at most\./)
    await ada.page.getByText('Show the alerts').click()
    await ada.press(/^Show all \d+$/)
    await ada.page.getByRole('link', { name: 'CUT-001', exact: true }).waitFor()
    expect(presses).toBeLessThanOrEqual(4)

    await ada.page.getByRole('button', { name: 'Add a step' }).click()
    await ada.page.getByRole('textbox', { name: 'Delay: step 3' }).fill('')
    await ada.press('Save')
    await ada.page.getByText('Must not be empty').waitFor()
    await ada.page.getByRole('textbox', { name: 'Delay: step 3' }).fill('4')
    expect(await lookedAt(ada)).toEqual([])
    await ada.press('Save')
    await ada.sees('Saved')
    const { body } = await plant.ada.call('/api/v1/alert-rules')
    expect(body).toMatchObject({
      rules: [
        {
          name: 'Overdue',
          enabled: true,
          condition: { kind: 'target', ratio: 1 },
          ladder: [{}, {}, { afterMs: 14_400_000 }],
        },
      ],
    })

    await plant.send([almostLate('SOON-1', 4)])
    const other = await openAs(browser, mei, '/alerts', { language: 'zh', viewport: phone })
    await ada.page.getByRole('link', { name: 'Live alerts', exact: true }).click()
    await rowOf(ada, 'SOON-1').getByText('Not acknowledged').waitFor()
    await rowOf(other, 'SOON-1').getByText('未确认').waitFor()
    // Shown in the reader's language, with the next recipient.
    await rowOf(other, 'SOON-1').getByText('裁剪').waitFor()
    await rowOf(ada, 'SOON-1')
      .getByText(/^Managers, /)
      .waitFor()
    expect(await lookedAt(ada)).toEqual([])
    expect(await lookedAt(other)).toEqual([])

    await rowOf(ada, 'SOON-1').getByRole('button', { name: 'Acknowledge: SOON-1' }).click()
    await rowOf(ada, 'SOON-1').getByText('Acknowledged by Ada').waitFor()
    await rowOf(other, 'SOON-1').getByText('Ada 已确认').waitFor()
    await rowOf(other, 'SOON-1').getByRole('button', { name: '环节超时', exact: true }).click()
    await dialog(other).getByText('Ada 确认').waitFor()
    await dialog(other).getByText('预警开始').waitFor()
    await dialog(other).getByRole('button', { name: '稍后提醒：SOON-1' }).click()
    await dialog(other).getByRole('button', { name: '2 小时后' }).click()
    await dialog(other)
      .getByText(/mei 设为 .* 再提醒/)
      .waitFor()
    expect(await lookedAt(other)).toEqual([])
    await dialog(other).getByRole('button', { name: '新任务' }).click()
    expect(await lookedAt(other)).toEqual([])
    await dialog(other).getByRole('button', { name: '创建任务' }).click()
    await other.sees(/已创建任务“环节超时”/)
    const { body: board } = await plant.ada.call('/api/v1/tasks?order=SOON-1')
    expect(Object.values((board as { tasks: object }).tasks)).toMatchObject([
      { titles: { en: 'Overdue', zh: '环节超时' }, order: 'SOON-1' },
    ])
    const counts = (await plant.ada.call('/api/v1/alerts?limit=1')).body as { openCount: number; waitingCount: number }
    expect(counts.openCount - counts.waitingCount).toBe(1)
    expect([ada.errors, other.errors]).toEqual([[], []])
  })

  test('the order and the overview tell of it, and who may only read is offered nothing', async ({ browser }) => {
    const viewer = await plant.join('vera@example.com', { role: 'viewer' })
    const [overview, order, read] = await Promise.all([
      openAs(browser, mei, '/overview'),
      openAs(browser, mei, '/orders/SEW-005'),
      openAs(browser, viewer, '/alerts'),
    ])
    await overview.page.getByRole('link', { name: /^Unacknowledged alerts \d+$/ }).click()
    await overview.page.waitForURL(/\/alerts/)
    const strip = order.page.getByRole('region', { name: 'Alerts for this order' })
    await strip.getByRole('button', { name: 'Snooze: SEW-005' }).click()
    await strip.getByRole('textbox', { name: 'Until' }).fill('2020-01-01T08:00')
    await strip.getByRole('button', { name: 'Snooze', exact: true }).click()
    await strip.getByText('Choose a future time.').waitFor()
    expect(await lookedAt(order)).toEqual([])
    await strip.getByRole('button', { name: 'Next working morning' }).click()
    await strip.getByText(/Snoozed until/).waitFor()
    await rowOf(read, 'SEW-005')
      .getByText(/Snoozed until/)
      .waitFor()
    expect(await read.page.getByRole('button', { name: /^(Acknowledge|Snooze)/ }).count()).toBe(0)
    expect(await read.page.getByRole('link', { name: 'Rules', exact: true }).count()).toBe(0)
    await read.page.goto(`${plant.url}/alerts?tab=rules`)
    await read.sees('You do not have access to this page')
    expect([overview.errors, order.errors, read.errors]).toEqual([[], [], []])
  })

  test('an alert is handed to a colleague, who sees it at once and accepts or declines it', async ({ browser }) => {
    const [ada, other] = await Promise.all([
      openAs(browser, plant.ada, '/alerts'),
      openAs(browser, mei, '/alerts', { language: 'zh', viewport: phone }),
    ])
    const handOver = async (order: string) => {
      await rowOf(ada, order)
        .getByRole('button', { name: `Hand over: ${order}` })
        .click()
      const form = rowOf(ada, order).getByRole('form', { name: 'Hand over' })
      await form.getByRole('option', { name: 'mei' }).waitFor({ state: 'attached' })
      return form
    }
    const form = await handOver('SEW-004')
    await form.getByRole('button', { name: 'Hand over' }).click()
    await form.getByText('Choose a colleague.').waitFor()
    expect(await lookedAt(ada)).toEqual([])
    await form.getByRole('combobox', { name: 'Hand over to' }).selectOption({ label: 'mei' })
    await form.getByRole('combobox', { name: 'Answer within' }).selectOption({ label: '1 hour' })
    await form.getByRole('button', { name: 'Hand over' }).click()
    await rowOf(ada, 'SEW-004')
      .getByText(/^Handed to mei, answer until /)
      .waitFor()
    expect(
      await rowOf(ada, 'SEW-004')
        .getByRole('button', { name: /^(Accept|Decline|Hand over)/ })
        .count(),
    ).toBe(0)
    await rowOf(other, 'SEW-004')
      .getByText(/^Ada 移交给您，请在 .* 前接收$/)
      .waitFor()
    expect(await lookedAt(other)).toEqual([])
    await rowOf(other, 'SEW-004').getByRole('button', { name: '接收：SEW-004' }).click()
    await rowOf(ada, 'SEW-004').getByText('Acknowledged by mei').waitFor()

    const second = await handOver('SEW-003')
    await second.getByRole('combobox', { name: 'Hand over to' }).selectOption({ label: 'mei' })
    await second.getByRole('button', { name: 'Hand over' }).click()
    await rowOf(other, 'SEW-003').getByRole('button', { name: '拒绝：SEW-003' }).click()
    await rowOf(other, 'SEW-003').getByRole('textbox', { name: '原因（可不填）' }).fill('Not my shift')
    expect(await lookedAt(other)).toEqual([])
    await rowOf(other, 'SEW-003').getByRole('form').getByRole('button', { name: '拒绝' }).click()
    await rowOf(ada, 'SEW-003').getByText('Not acknowledged').waitFor()
    await rowOf(ada, 'SEW-003').getByRole('button', { name: 'Overdue', exact: true }).click()
    await dialog(ada).getByText('Declined by mei: Not my shift').waitFor()
    await dialog(ada)
      .getByText(/^Ada handed it to mei, answer until /)
      .waitFor()
    expect(await lookedAt(ada)).toEqual([])
    expect([ada.errors, other.errors]).toEqual([[], []])
  })

  test('a rule about a measure is tried on the past of its stages', async ({ browser }) => {
    const ada = await openAs(browser, plant.ada, '/alerts?tab=rules&rule=new', { viewport: phone })
    await ada.page.getByRole('combobox', { name: 'Condition', exact: true }).selectOption('measure')
    await ada.press('Try on the last 30 days')
    await ada.sees(/\d+ alerts? in 30 days, \d+ a day at most\./)
    await ada.page.getByText('Show the alerts').click()
    await ada.page
      .getByText(/^since .* · \d+%/)
      .first()
      .waitFor()
    expect(await lookedAt(ada)).toEqual([])
    expect(ada.errors).toEqual([])
  })

  test('a rule that two people change shows both, and deleting it says what goes (zh)', async ({ browser }) => {
    const { body } = await plant.ada.call('/api/v1/alert-rules')
    const [rule] = (body as { rules: { id: string }[] }).rules
    const options = { language: 'zh' } as const
    const [one, two] = await Promise.all(
      [plant.ada, mei].map((visitor) => openAs(browser, visitor, `/alerts?tab=rules&rule=${rule?.id}`, options)),
    )
    if (one === undefined || two === undefined) throw new Error('both are open')
    const name = (desk: DeskPage) => desk.page.getByRole('textbox', { name: '规则名称' })
    await name(one).fill('一号')
    await name(two).fill('二号')
    await one.press('保存')
    await one.sees('已保存')
    // Shown before the second person saves.
    const conflict = two.page.getByRole('alert').filter({ hasText: '一号' })
    await conflict.filter({ hasText: '二号' }).waitFor()
    expect(await lookedAt(two)).toEqual([])
    await two.press('保存')
    await two.sees('已保存')
    await rowOf(one, '二号').waitFor()
    // The confirmation covers the button for a moment.
    await two.page.getByRole('button', { name: '删除规则: 二号' }).press('Enter')
    await two.page.getByText(/“二号”及其触发的全部预警和记录将被删除，其中近 7 日 \d+ 条。/).waitFor()
    await two.page.getByRole('button', { name: '删除规则', exact: true }).press('Enter')
    await two.page.getByRole('button', { name: '启用：环节超时' }).waitFor()
    expect([one.errors, two.errors]).toEqual([[], []])
  })
})
