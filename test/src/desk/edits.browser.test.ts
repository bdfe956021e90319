import { afterAll, beforeAll, describe, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { call } from '../http/call.ts'
import { administrator, password, startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { pairScreen } from '../screens/pair-screen.ts'
import { openDesk } from './desk-page.ts'
import type { DeskPage } from './desk-page.ts'

describe('somebody who edits what belongs to a site', () => {
  let server: PeopledServer
  let ada: DeskPage
  let key: string

  beforeAll(async () => {
    server = await startPeopled()
    await server.server.sites.getOrCreate('west')
    await server.database.query(
      `insert into memberships (site, user_id, role) select 'west', id, 'administrator' from users`,
    )
    key = await server.createKey(['admin'])
  })

  afterAll(async () => {
    await server.close()
  })

  async function signedIn(browser: Parameters<typeof openDesk>[0], path: string): Promise<DeskPage> {
    const desk = await openDesk(browser, `${server.url}/sign-in?next=${encodeURIComponent(path)}`)
    await desk.fill('Email', administrator)
    await desk.fill('Password', password)
    await desk.press('Sign in')
    await desk.page.getByRole('button', { name: 'Account' }).waitFor()
    return desk
  }

  const customers = () => ada.page.getByLabel('Mask customer names')
  const amounts = () => ada.page.getByLabel('Hide amounts')
  const stored = async (site: string) =>
    (await server.ada.call('/api/v1/privacy', { headers: { 'x-stagewatch-site': site } })).body

  test('sees what somebody else has saved meanwhile beside their own, and saves only what they have seen', async ({
    browser,
  }) => {
    ada = await signedIn(browser, '/privacy?site=main')
    await customers().check()
    // Somebody else saves at the same time.
    const theirs = { customers: 'shown', amounts: 'hidden', people: 'team' }
    expect(await call(`${server.url}/api/v1/privacy`, { key, method: 'PUT', body: theirs })).toMatchObject({
      status: 200,
    })
    await ada.press('Save')
    const conflict = ada.page.getByRole('alert').filter({ hasText: 'Somebody else changed this' })
    await conflict.waitFor()
    expect(await conflict.getByRole('columnheader').allInnerTexts()).toEqual(
      ['Field', 'Their version', 'Your version'].map((name): unknown => expect.stringMatching(new RegExp(name, 'i'))),
    )
    expect(await conflict.getByRole('row', { name: 'Amounts' }).getByRole('cell').allInnerTexts()).toEqual([
      'Amounts',
      'Hidden',
      'Shown',
    ])
    expect(await stored('main')).toMatchObject(theirs)
    await ada.press('Discard my changes')
    await conflict.waitFor({ state: 'detached' })
    expect([await customers().isChecked(), await amounts().isChecked()]).toEqual([false, true])
    await customers().check()
    await ada.press('Save')
    await ada.page.getByText('Saved. Screens follow within seconds.').waitFor()
    expect(await stored('main')).toMatchObject({ ...theirs, customers: 'masked' })
  })

  test('takes nothing of it to another site', async ({ browser }) => {
    ada = await signedIn(browser, '/privacy?site=main')
    await customers().uncheck()
    await ada.page.getByLabel('Site', { exact: true }).selectOption('west')
    await ada.page.waitForURL(/site=west/)
    // The page of the previous site stays until the page of the other site has loaded.
    const canSave = () => ada.page.locator('main').getByRole('button', { name: 'Save' }).isEnabled()
    await expect.poll(canSave).toBe(false)
    expect(await amounts().isChecked()).toBe(false)
    await amounts().check()
    await ada.press('Save')
    await ada.page.getByText('Saved. Screens follow within seconds.').waitFor()
    expect(await stored('west')).toMatchObject({ customers: 'shown', amounts: 'hidden', people: 'shown' })
    expect(await stored('main')).toMatchObject({ customers: 'masked' })
    await ada.page.getByLabel('Site', { exact: true }).selectOption('main')
    await ada.page.waitForURL(/site=main/)
    await expect.poll(() => customers().isChecked()).toBe(true)
    // The page of the other site is cached now, so no loading state discards the unsaved edit.
    await customers().uncheck()
    await ada.page.getByLabel('Site', { exact: true }).selectOption('west')
    await ada.page.waitForURL(/site=west/)
    await expect.poll(() => amounts().isChecked()).toBe(true)
    expect(await canSave()).toBe(false)
  })

  test('leaves a number out and is asked for it, and saves no zero', async ({ browser }) => {
    const { screen } = await pairScreen(server, key)
    ada = await signedIn(browser, '/screens?site=main')
    await ada.press('Edit: Hall A')
    await ada.page.getByText('Rotation, off hours, sound').click()
    const seconds = ada.page.getByLabel('First scene (seconds)')
    const { firstS } = screen.settings.rotation
    expect(await seconds.inputValue()).toBe(String(firstS))
    await seconds.fill('')
    await ada.sees('Enter a whole number from 5 to 3,600.')
    expect(await seconds.inputValue()).toBe('')
    const save = ada.page.getByRole('button', { name: 'Save' })
    await save.click()
    expect(await seconds.isVisible()).toBe(true)
    expect((await call(`${server.url}/api/v1/screens`, { key })).body).toMatchObject({
      screens: [{ settings: { rotation: { firstS } } }],
    })
    await seconds.fill('42')
    await save.click()
    await save.waitFor({ state: 'detached' })
    const { body } = await call(`${server.url}/api/v1/screens`, { key })
    expect(body).toMatchObject({ screens: [{ settings: { rotation: { firstS: 42 } } }] })
    expect(ada.errors).toEqual([])
  })
})
