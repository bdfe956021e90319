import { alertList } from '@stagewatch/shared/contract/alerts.ts'
import { approvalList } from '@stagewatch/shared/contract/approvals.ts'
import { handoverList } from '@stagewatch/shared/contract/handover.ts'
import { taskBoard } from '@stagewatch/shared/contract/tasks.ts'
import { departments } from '@stagewatch/server/sample/plant-staff.ts'
import { afterAll, beforeAll, expect } from 'vitest'
import { openDeskAs } from '../desk/desk-page.ts'
import { test } from '../harness/browser-test.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { newVisitor } from '../identity/visitor.ts'

let server: StartedServer
beforeAll(async () => {
  server = await startServer({ demo: true })
}, 300_000)
afterAll(() => server.close())

/** Texts with Chinese characters, other than those that are meant to have them. */
const chineseTexts = (meant: readonly string[]) => {
  const found = new Set<string>()
  const add = (text: string | null) => {
    if (/\p{Script=Han}/u.test(text ?? '')) found.add(text!.trim())
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.parentElement?.closest('script, style') === null) add(node.textContent)
  }
  for (const element of document.querySelectorAll('[aria-label], [title]')) {
    add(element.getAttribute('aria-label'))
    add(element.getAttribute('title'))
  }
  return [...found].filter((text) => !meant.includes(text))
}
/** The name of the language, where it is chosen. */
const languageNames = ['中文', 'Name (中文)']
const departmentKeys = Object.values(departments).map(({ name }) => name)

test('the desk of the sample names people, departments, rules and tasks in the language of the reader', async ({
  browser,
}) => {
  const manager = newVisitor(server.url)
  await manager.call('/api/v1/sample/enter', { body: { role: 'administrator' } })
  const get = async (path: string) => (await manager.call(path)).body
  const { alerts } = alertList.parse(await get('/api/v1/alerts?limit=200'))
  const { tasks } = taskBoard.parse(await get('/api/v1/tasks'))
  const { approvals } = approvalList.parse(await get('/api/v1/approvals'))
  const { handovers } = handoverList.parse(await get('/api/v1/handovers'))
  const alert = alerts.find(({ state, order }) => state === 'acknowledged' && order !== undefined)
  const task = Object.values(tasks).find(({ assignee, order }) => assignee !== undefined && order !== undefined)
  const paths = {
    people: '/people',
    team: '/team',
    departments: '/departments',
    alerts: '/alerts',
    'an alert': `/alerts?alert=${alert?.id}`,
    'an order with an alert': `/orders/${alert?.order}`,
    'an order with a task': `/orders/${task?.order}`,
    'an order with an approval': `/orders/${approvals[0]?.order}`,
    tasks: '/tasks?segment=all',
    'a task': `/tasks?segment=all&task=${task?.id}`,
    approvals: '/approvals',
    'an approval': `/approvals?approval=${approvals[0]?.id}`,
    handover: '/handover',
    'a past handover': `/handover/${handovers[0]?.id}`,
    account: '/account',
  }
  const desk = await openDeskAs(browser, server.url, manager, '/people')
  for (const [name, path] of Object.entries(paths)) {
    await desk.page.goto(server.url + path)
    await desk.page.locator('#content h2').first().waitFor()
    await expect.poll(() => desk.page.locator('[class*=skeleton]').count()).toBe(0)
    await desk.page.waitForLoadState('networkidle')
    // The texts by which events name a department are those of the events.
    const meant = [...languageNames, ...(name === 'departments' ? departmentKeys : [])]
    expect([name, await desk.page.evaluate(chineseTexts, meant)]).toEqual([name, []])
  }
  await desk.press(/Account$/)
  await desk.page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
  expect(['the account menu', await desk.page.evaluate(chineseTexts, languageNames)]).toEqual(['the account menu', []])
  expect(desk.errors).toEqual([])
}, 120_000)
