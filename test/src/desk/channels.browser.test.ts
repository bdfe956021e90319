import { enqueueMessages } from '@stagewatch/server/channels/enqueue-messages.ts'
import type { MessageRoute } from '@stagewatch/db/channels-schema.ts'
import { me } from '@stagewatch/shared/contract/me.ts'
import { afterAll, beforeAll, expect } from 'vitest'
import { secrets, startProviders } from '../channels/fake-providers.ts'
import type { FakeProviders } from '../channels/fake-providers.ts'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { openDeskAs, windowsIn } from './desk-page.ts'

let server: PeopledServer
let providers: FakeProviders

beforeAll(async () => {
  providers = await startProviders(() => Date.now())
  const variables = { WEBHOOK_PRIVATE_NETWORKS: 'on', SECRETS_KEY: Buffer.alloc(32, 5).toString('base64') }
  server = await startPeopled({ variables })
}, 60_000)
afterAll(async () => {
  providers.close()
  await server.close()
})

function tell(route: MessageRoute, title: string): Promise<unknown> {
  const message = {
    severity: 'critical' as const,
    title,
    lines: ['Packing, 2 h over its limit'],
    link: '/orders/SO-1042',
    language: 'en' as const,
    orders: ['SO-1042'],
    dedupeKey: title,
  }
  return server.database.transaction((tx) => enqueueMessages(tx, 'main', [{ routes: [route], message }], Date.now()))
}

test('a robot is set up, tested, and seen in the delivery log', async ({ browser }) => {
  const desk = await openDeskAs(browser, server.url, server.ada, '/channels')
  await desk.sees('No channels yet')
  await desk.press('Add channel')
  await desk.sees('This installation has no mail server.')
  await desk.page.getByLabel('Kind', { exact: true }).selectOption('DingTalk robot')
  await desk.page.getByLabel('Name', { exact: true }).fill('Hall 2')
  await desk.page.getByLabel('Webhook address', { exact: true }).fill('no address')
  await desk.press('Save')
  await desk.sees('Webhook address: Must be a web address such as https://example.com')
  await desk.page.getByLabel('Webhook address', { exact: true }).fill('https://169.254.169.254/hook')
  await desk.press('Save')
  await desk.sees('Webhook address: Is in a reserved network, which is never allowed')
  const url = `${providers.url}/dingtalk/send?access_token=abcdef0123456789`
  await desk.page.getByLabel('Webhook address', { exact: true }).fill(url)
  await desk.page.getByLabel('Secret (optional)', { exact: true }).fill('SEC-wrong-0123456789')
  await desk.press('Save')
  await desk.sees('Hall 2')
  await desk.sees('Not tried yet')
  // The error is shown in the receiver's own words.
  await desk.press('Send test: Hall 2')
  await desk.sees('sign not match')
  await desk.sees(/Code 310000/)
  await desk.press('Close')
  await desk.press('Edit: Hall 2')
  await desk.sees('Set: ••••6789. Leave empty to keep it.')
  expect(await desk.page.getByLabel('Webhook address', { exact: true }).inputValue()).toBe('')
  await desk.page.getByLabel('Secret (optional)', { exact: true }).fill(secrets.dingTalk)
  await desk.press('Save')
  await desk.press('Send test: Hall 2')
  await desk.sees('Accepted')
  await desk.press('Close')
  await desk.sees('Working')
  const [id = ''] = await server.database
    .query<{ id: string }>('select id from channels')
    .then((rows) => rows.map((row) => row.id))
  await tell({ channel: id, to: '' }, 'SO-1042 is overdue')
  await desk.sees('SO-1042 is overdue')
  await expect.poll(() => desk.page.getByRole('row', { name: /SO-1042 is overdue/ }).innerText()).toContain('Accepted')
  await desk.page.getByLabel('State', { exact: true }).selectOption('Refused')
  await expect.poll(() => desk.page.getByText('SO-1042 is overdue').count()).toBe(0)
  expect(await axeViolations(desk.page)).toEqual([])
  expect(await desk.problems()).toEqual([])
  expect(desk.errors).toEqual([])
})

test('a message to somebody is counted at the bell at once, until it is read', async ({ browser }) => {
  const { id = '' } = me.parse((await server.ada.call('/api/v1/me')).body)
  const desk = await openDeskAs(browser, server.url, server.ada, '/people')
  await desk.page.getByRole('button', { name: 'Message centre', exact: true }).waitFor()
  await tell({ channel: 'inbox', to: id }, 'SO-1042 stands still')
  await desk.page.getByRole('button', { name: 'Message centre, 1 unread message' }).click()
  await desk.sees('SO-1042 stands still')
  expect(await axeViolations(desk.page)).toEqual([])
  await desk.page.getByRole('link', { name: 'SO-1042 stands still' }).click()
  await desk.page.waitForURL(/\/orders\/SO-1042/)
  await desk.page.getByRole('button', { name: 'Message centre', exact: true }).waitFor()
  expect(desk.errors).toEqual([])
})

test('everything fits, on a laptop and on a phone, in both languages', async ({ browser }) => {
  for (const language of ['en', 'zh'] as const) {
    for (const viewport of windowsIn(language)) {
      const desk = await openDeskAs(browser, server.url, server.ada, '/channels', { language, viewport })
      await desk.sees('Hall 2')
      await desk.press(language === 'en' ? 'Add channel' : '添加渠道')
      await desk.page.getByRole('combobox').first().selectOption('sms-tencent')
      expect(await desk.problems()).toEqual([])
      const folder = process.env['STAGEWATCH_SHOTS']
      if (folder !== undefined) {
        await desk.page.screenshot({ path: `${folder}/channels-${language}-${viewport.width}.png`, fullPage: true })
      }
      await desk.context.close()
    }
  }
})
