import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../harness/browser.ts'
import { call } from '../http/call.ts'
import { administrator, password, startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { secretKey, totp } from '../identity/totp.ts'
import { openDesk } from './desk-page.ts'
import type { DeskPage } from './desk-page.ts'

describe('what people look after themselves', () => {
  let server: PeopledServer
  let browser: Browser

  beforeAll(async () => {
    server = await startPeopled()
    browser = await openBrowser()
  })

  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  async function signedIn(next: string): Promise<DeskPage> {
    const desk = await openDesk(browser, `${server.url}/sign-in?next=${encodeURIComponent(next)}`)
    await desk.fill('E-mail', administrator)
    await desk.fill('Password', password)
    await desk.press('Sign in')
    return desk
  }

  test('a key is shown once and works; revoked, it stays in the list as that', async () => {
    const desk = await signedIn('/keys')
    await desk.fill('Name', 'ERP')
    await desk.page.getByLabel('Read', { exact: true }).check()
    await desk.press('Create the key')
    const key = await desk.page.locator('.secret__text').innerText()
    expect((await call(`${server.url}/api/v1/me`, { key })).body).toMatchObject({ kind: 'key', name: 'ERP' })
    await desk.press('Done')
    await desk.press('Revoke: ERP')
    await desk.press('Revoke')
    await desk.sees(/^Revoked /)
    expect(await desk.page.getByText(key).count()).toBe(0)
    expect(desk.errors).toEqual([])
  })

  test('another session is ended from the list of them', async () => {
    const other = await signedIn('/account')
    await other.page.getByRole('heading', { name: 'Account' }).waitFor()
    const desk = await signedIn('/account')
    await desk.sees('This browser')
    const ends = desk.page.getByRole('button', { name: 'End', exact: true })
    for (let count = await ends.count(); count > 0; count -= 1) {
      await ends.first().click()
      await expect.poll(() => ends.count()).toBeLessThan(count)
    }
    await other.page.goto(`${server.url}/account`)
    await other.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(desk.errors).toEqual([])
  })

  test('a second factor is set up with an app and asked for from then on', async () => {
    const desk = await signedIn('/account')
    const card = desk.page.locator('section', { has: desk.page.getByRole('heading', { name: 'Two-factor' }) })
    await card.getByLabel('Password', { exact: true }).fill(password)
    await card.getByRole('button', { name: 'Set up' }).click()
    const key = secretKey(await card.locator('.secret__inline').innerText())
    await card.getByLabel('Six digits of the app').fill('000000')
    await card.getByRole('button', { name: 'Confirm' }).click()
    await desk.sees('The code is wrong or too old. Take the next one.')
    await card.getByLabel('Six digits of the app').fill(totp(key))
    await card.getByRole('button', { name: 'Confirm' }).click()
    await desk.sees('Backup codes')
    const [backup = ''] = (await desk.page.locator('.secret__text').innerText()).split('\n')
    await desk.press('Done')
    await desk.sees('On: signing in asks for a code of your app besides the password.')

    const again = await signedIn('/account')
    await again.page.getByLabel('Code').fill(backup)
    await again.press('Confirm')
    await again.page.getByRole('heading', { name: 'Account' }).waitFor()
    expect([...desk.errors, ...again.errors]).toEqual([])
  })
})
