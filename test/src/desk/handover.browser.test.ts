import { currentShift } from '@stagewatch/shared/contract/handover.ts'
import { plantCalendar, weekOf } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
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
import type { DeskPage } from './desk-page.ts'

const hourMs = 3_600_000
const operator = { kind: 'operator', name: 'operator' } as const
const clock = new SettableClock()
let server: PeopledServer
let wu: Visitor
let li: Visitor

beforeAll(async () => {
  server = await startPeopled({ clock })
  const site = await server.server.sites.get('main')
  const shifts = [
    { from: '00:00', to: '08:00' },
    { from: '08:00', to: '16:00' },
    { from: '16:00', to: '24:00' },
  ]
  await site.saveCalendar(
    { ...plantCalendar({ week: { ...weekOf(shifts), 6: shifts, 7: shifts } }), code: 'three-shifts' },
    operator,
  )
  const stage = { name: { zh: '打包', en: 'Packing' }, warnAtRatio: 0.8, toleranceRatio: 0.1 }
  await site.saveProcess({
    code: 'default',
    name: { zh: '订单', en: 'Orders' },
    acceptsNewStages: true,
    goals: {},
    stages: [{ ...stage, code: 'pack', targetMs: hourMs }],
  })
  wu = await server.join('wu@example.com', { role: 'lead', departments: ['store'] })
  li = await server.join('li@example.com', { role: 'lead', departments: ['store'] })
  const name = { zh: '仓库', en: 'Store' }
  await site.departments.save('store', { name, aliases: [], archived: false, calendar: 'three-shifts' }, operator, null)
  await site.readRules()
  const key = await server.createKey(['ingest'])
  const occurredAt = new Date(clock.now() - 2 * hourMs).toISOString()
  const data = { department: 'store', customer: 'Acme' }
  const body = ['S-1', 'S-2'].map((order) =>
    someEvent({ order, type: 'stage.entered', stage: 'pack', occurredAt, data }),
  )
  expect((await call(`${server.url}/api/v1/events`, { key, body })).body).toMatchObject({ accepted: 2 })
}, 60_000)
afterAll(() => server.close())

async function lookedAt(desk: DeskPage): Promise<unknown[]> {
  await expect.poll(() => desk.problems()).toEqual([])
  return axeViolations(desk.page, 'main')
}

/** Sets the clock to a minute after the end of the current shift. */
async function endShift(): Promise<void> {
  const { shift } = currentShift.parse((await wu.call('/api/v1/handover?department=store')).body)
  clock.set((shift?.end ?? 0) - clock.now() + 60_000)
  await server.server.handovers.look()
}

describe('the end of a shift', () => {
  test('leaves a page that the next lead reads and confirms, which the other one sees', async ({ browser }) => {
    const before = await openDeskAs(browser, server.url, wu, '/handover')
    await before.sees('Handovers are off for this department')
    await before.press('Settings')
    await before.page.getByRole('checkbox', { name: 'Hand over at the end of each shift' }).check()
    await before.page.getByRole('combobox', { name: 'Who is notified' }).click()
    await before.page.getByRole('option', { name: 'li', exact: true }).click()
    await before.page.keyboard.press('Escape')
    await before.page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
    await before.page.getByText('Handovers are off for this department').waitFor({ state: 'detached' })
    await before.fill('Note for the next shift', 'The scale at gate 2 is broken.')
    await before.press('Add note')
    await before.page.getByRole('link', { name: 'S-1' }).first().waitFor()
    expect(await lookedAt(before)).toEqual([])

    const next = await openDeskAs(browser, server.url, li, '/overview', { language: 'zh', viewport: phone })
    await endShift()
    await next.page.getByRole('button', { name: /消息/ }).click()
    await next.page.getByRole('link', { name: /^(交接班|Shift handover)/ }).click()
    await next.sees('The scale at gate 2 is broken.')
    await next.page.getByRole('link', { name: 'S-2' }).first().waitFor()
    expect(await lookedAt(next)).toEqual([])

    await before.sees('Not confirmed')
    await next.page.getByLabel('备注（选填）').fill('已安排维修')
    await next.press('确认接班')
    await next.sees('li 已确认')
    await before.sees('Confirmed by li')
    expect([before.errors, next.errors]).toEqual([[], []])
  })

  test('that nobody takes over in time needs action, and is not confirmed by who handed it over', async ({
    browser,
  }) => {
    expect(
      await wu.call('/api/v1/handover-notes', { body: { department: 'store', text: 'Dock 3 is blocked.' } }),
    ).toMatchObject({ status: 200 })
    await endShift()
    clock.set(2 * hourMs)
    const desk = await openDeskAs(browser, server.url, wu, '/overview')
    await desk.page.getByRole('link', { name: /^Unconfirmed handovers/ }).click()
    await desk.sees('Confirmation overdue')
    await desk.page
      .locator('table a, li a')
      .filter({ hasText: /\d{2}:\d{2}/ })
      .first()
      .click()
    await desk.sees('Dock 3 is blocked.')
    expect(await desk.page.getByRole('button', { name: 'Confirm handover' }).count()).toBe(0)
    expect(await lookedAt(desk)).toEqual([])
    expect(desk.errors).toEqual([])
  })
})
