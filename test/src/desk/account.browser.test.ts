import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { call } from '../http/call.ts'
import { administrator, password, startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { secretKey, totp } from '../identity/totp.ts'
import { openDesk } from './desk-page.ts'
import type { DeskPage } from './desk-page.ts'

describe('the account page', () => {
  let server: PeopledServer

  beforeAll(async () => {
    server = await startPeopled()
  })

  afterAll(async () => {
    await server.close()
  })

  async function signedIn(browser: Browser, next: string): Promise<DeskPage> {
    const desk = await openDesk(browser, `${server.url}/sign-in?next=${encodeURIComponent(next)}`)
    await desk.fill('Email', administrator)
    await desk.fill('Password', password)
    await desk.press('Sign in')
    return desk
  }

  test('a key is shown once and works; revoked, it stays in the list as that', async ({ browser }) => {
    const desk = await signedIn(browser, '/keys')
    await desk.fill('Name', 'ERP')
    await desk.page.getByLabel('Read', { exact: true }).check()
    await desk.press('Create key')
    const key = await desk.page.locator('output').innerText()
    expect((await call(`${server.url}/api/v1/me`, { key })).body).toMatchObject({ kind: 'key', name: 'ERP' })
    await desk.press('Done')
    await desk.press('Revoke: ERP')
    await desk.press('Revoke')
    await desk.sees(/^Revoked /)
    expect(await desk.page.getByText(key).count()).toBe(0)
    expect(desk.errors).toEqual([])
  })

  test('the confirmation of a save disappears after a moment', async ({ browser }) => {
    const desk = await signedIn(browser, '/account')
    await desk.page.getByRole('heading', { name: 'Account' }).waitFor()
    await desk.page.clock.install()
    await desk.page.reload()
    await desk.fill('Name', 'Ada Admin')
    await desk.press('Save profile')
    const saved = desk.page.getByText('Saved', { exact: true })
    await saved.waitFor()
    await desk.page.clock.fastForward(6_000)
    await saved.waitFor({ state: 'detached' })
    expect(desk.errors).toEqual([])
  })

  test('where the browser blocks cookies, signing in says why it cannot', async ({ browser }) => {
    const desk = await openDesk(browser, `${server.url}/sign-in`)
    await desk.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await desk.page.getByText('blocks cookies').count()).toBe(0)
    await desk.page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'cookieEnabled', { value: false }))
    await desk.page.reload()
    await desk.sees('This browser blocks cookies')
    expect(await desk.problems()).toEqual([])
  })

  test('another session is ended from the list of them', async ({ browser }) => {
    const other = await signedIn(browser, '/account')
    await other.page.getByRole('heading', { name: 'Account' }).waitFor()
    const desk = await signedIn(browser, '/account')
    await desk.sees('This browser')
    const ends = desk.page.getByRole('button', { name: 'End session', exact: true })
    for (let count = await ends.count(); count > 0; count -= 1) {
      await ends.first().click()
      await expect.poll(() => ends.count()).toBeLessThan(count)
    }
    await other.page.goto(`${server.url}/account`)
    await other.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(desk.errors).toEqual([])
  })

  test('a second factor is set up with an app and asked for from then on', async ({ browser }) => {
    const desk = await signedIn(browser, '/account')
    const card = desk.page.locator('section', { has: desk.page.getByRole('heading', { name: 'Two-factor' }) })
    await card.getByLabel('Password', { exact: true }).fill(password)
    await card.getByRole('button', { name: 'Set up' }).click()
    const key = secretKey(await card.locator('code').innerText())
    await card.getByLabel('Six-digit code').fill('000000')
    await card.getByRole('button', { name: 'Confirm' }).click()
    await desk.sees('The code is wrong or has expired. Use the next one.')
    await card.getByLabel('Six-digit code').fill(totp(key))
    await card.getByRole('button', { name: 'Confirm' }).click()
    await desk.sees('Backup codes')
    const [backup = ''] = (await desk.page.locator('output').innerText()).split('\n')
    await desk.press('Done')
    await desk.sees('On: signing in requires a code from your app as well as the password.')

    const again = await signedIn(browser, '/account')
    await again.page.getByLabel('Code').fill(backup)
    await again.press('Confirm')
    await again.page.getByRole('heading', { name: 'Account' }).waitFor()
    expect([...desk.errors, ...again.errors]).toEqual([])
  })
})
