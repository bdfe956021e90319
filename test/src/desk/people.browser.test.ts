import { afterAll, beforeAll, describe, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { openDesk } from './desk-page.ts'

const password = 'correct horse battery'

describe('the people of a new installation', () => {
  let server: StartedServer

  beforeAll(async () => {
    server = await startServer()
  })

  afterAll(async () => {
    await server.close()
  })

  test('are set up, invited and given another role, which each sees at once', async ({ browser }) => {
    const token = await server.server.identity.enrollment.newSetupToken()
    const ada = await openDesk(browser, `${server.url}/setup#token=${token}`)
    await ada.fill('Name', 'Ada')
    await ada.fill('Email', 'ada@example.com')
    await ada.fill('Password', password)
    await ada.press('Create account')
    await ada.sees('Invite a person')

    await ada.fill('Email', 'ben@example.com')
    await ada.page.getByLabel('Role').selectOption('viewer')
    await ada.press('Invite')
    await ada.sees('ben@example.com is invited')
    const link = await ada.page.locator('output').innerText()

    const ben = await openDesk(browser, link)
    await ben.fill('Name', 'Ben')
    await ben.fill('Password', password)
    await ben.press('Join')
    await ben.page.waitForURL(/\/overview/)
    await ben.page.goto(`${server.url}/people`)
    expect(await ben.page.getByRole('navigation').getByText('People').count()).toBe(0)
    await ben.sees('These roles have access: Administrator, Manager. Ask an administrator of the site.')

    await ada.page.goto(`${server.url}/people`)
    await ada.press('Edit: Ben')
    const editor = ada.page.locator('tr:has(form)')
    await editor.getByLabel('Role').selectOption('manager')
    await editor.getByRole('button', { name: 'Save' }).click()
    await editor.waitFor({ state: 'detached' })

    await ben.page.goto(`${server.url}/people`)
    await ben.sees('ada@example.com')
    expect(await ben.page.getByRole('button', { name: 'Edit: Ada' }).count()).toBe(0)

    await ada.press('Edit: Ada')
    await editor.getByLabel('Role').selectOption('viewer')
    await editor.getByRole('button', { name: 'Save' }).click()
    await ada.sees('A site needs at least one administrator with full access; this is the last one.')

    await ada.page.goto(`${server.url}/changes`)
    await ada.page.getByText('Role changed').click()
    await ada.page.locator('details table').getByText('Manager').waitFor()

    await ben.press('Account')
    await ben.page.getByRole('menuitem', { name: 'Sign out' }).click()
    await ben.fill('Email', 'ben@example.com')
    await ben.fill('Password', 'not the password')
    await ben.press('Sign in')
    await ben.sees('The email address or the password is wrong.')
    await ben.fill('Password', password)
    await ben.press('Sign in')
    await ben.page.getByRole('button', { name: 'Account' }).waitFor()

    await server.database.query(`update user_sessions set authenticated_at = now() - interval '11 minutes'`)
    server.server.identity.sessions.forget()
    await ada.page.goto(`${server.url}/people`)
    await ada.press('Edit: Ben')
    await ada.press('Disable account: Ben')
    await ada.press('Disable account')
    const dialog = ada.page.getByRole('dialog', { name: 'Confirm your identity' })
    await dialog.getByLabel('Password', { exact: true }).fill('not the password')
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await dialog.getByText('The password is wrong.').waitFor()
    await dialog.getByLabel('Password', { exact: true }).fill(password)
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await ada.sees('The account is disabled.')
    await ben.page.goto(`${server.url}/account`)
    await ben.fill('Email', 'ben@example.com')
    await ben.fill('Password', password)
    await ben.press('Sign in')
    await ben.sees('This account is disabled. Contact your administrator.')
    expect([...ada.errors, ...ben.errors]).toEqual([])
  })
})
