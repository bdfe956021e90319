import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../harness/browser.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { openDesk } from './desk-page.ts'

const password = 'correct horse battery'

describe('the people of a new installation', () => {
  let server: StartedServer
  let browser: Browser

  beforeAll(async () => {
    server = await startServer()
    browser = await openBrowser()
  })

  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  test('are set up, invited and given another role, which each sees at once', async () => {
    const token = await server.server.identity.admission.newSetupToken()
    const ada = await openDesk(browser, `${server.url}/setup#token=${token}`)
    await ada.fill('Name', 'Ada')
    await ada.fill('E-mail', 'ada@example.com')
    await ada.fill('Password', password)
    await ada.press('Create the account')
    await ada.sees('Invite somebody')

    await ada.fill('E-mail', 'ben@example.com')
    await ada.page.getByLabel('Role').selectOption('viewer')
    await ada.press('Invite')
    await ada.sees('ben@example.com is invited')
    const link = await ada.page.locator('.secret__text').innerText()

    const ben = await openDesk(browser, link)
    await ben.fill('Name', 'Ben')
    await ben.fill('Password', password)
    await ben.press('Join')
    await ben.page.getByRole('heading', { name: 'Account' }).waitFor()
    expect(await ben.page.getByRole('navigation').getByText('People').count()).toBe(0)
    await ben.page.goto(`${server.url}/people`)
    await ben.sees('These roles may: Administrator, Manager. Ask an administrator of the site.')

    await ada.page.goto(`${server.url}/people`)
    await ada.press('Edit: Ben')
    const editor = ada.page.locator('.table__edited')
    await editor.getByLabel('Role').selectOption('manager')
    await editor.getByRole('button', { name: 'Save' }).click()
    await editor.waitFor({ state: 'detached' })

    await ben.page.goto(`${server.url}/people`)
    await ben.sees('ada@example.com')
    expect(await ben.page.getByRole('button', { name: 'Edit: Ada' }).count()).toBe(0)

    await ada.press('Edit: Ada')
    await editor.getByLabel('Role').selectOption('viewer')
    await editor.getByRole('button', { name: 'Save' }).click()
    await ada.sees('A site needs an administrator who may do everything; this is the last one.')

    await ada.page.goto(`${server.url}/changes`)
    await ada.page.getByText('Role changed').click()
    await ada.page.locator('.table--diff').getByText('Manager').waitFor()

    await ben.page.getByRole('button', { name: 'Sign out' }).click()
    await ben.fill('E-mail', 'ben@example.com')
    await ben.fill('Password', 'not the password')
    await ben.press('Sign in')
    await ben.sees('The e-mail address or the password is wrong.')
    await ben.fill('Password', password)
    await ben.press('Sign in')
    await ben.page.getByRole('heading', { name: 'Account' }).waitFor()
    expect([...ada.errors, ...ben.errors]).toEqual([])
  })
})
