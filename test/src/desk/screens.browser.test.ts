import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../harness/browser.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { administrator, password } from '../identity/peopled-server.ts'
import { openDesk, phone } from './desk-page.ts'

describe('a screen in the hall', () => {
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

  test('is let in by whoever types its code on a phone, and goes blank when it is revoked', async () => {
    // Under a name that is not the machine's own nobody reads without being let in.
    const hall = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    await hall.goto(`${server.url.replace('127.0.0.1', 'hall.localhost')}/wall?site=main&lang=en`)
    const code = (await hall.locator('.pairing__code').innerText()).replace(/\s/, '-')

    const lead = await openDesk(browser, `${server.url}/pair?code=${encodeURIComponent(code)}`, { viewport: phone })
    await lead.fill('E-mail', administrator)
    await lead.fill('Password', password)
    await lead.press('Sign in')
    await lead.sees('This screen asks')
    await lead.fill('Name of the screen', 'Hall 2, north wall')
    const approve = lead.page.getByRole('button', { name: 'Approve' })
    expect(await approve.isDisabled()).toBe(true)
    await lead.page.getByLabel('I see this code on the screen').check()
    await lead.fill('Diagonal', '55')
    await lead.fill('Distance', '5')
    await lead.press('Take “Far away”')
    expect(await lead.problems()).toEqual([])
    await approve.click()
    await lead.sees('Hall 2, north wall is paired')
    await hall.locator('.pairing').waitFor({ state: 'detached' })

    await lead.page.getByRole('link', { name: 'All screens' }).click()
    await lead.sees('Far away')
    await lead.press('Revoke: Hall 2, north wall')
    await lead.press('Revoke')
    await lead.sees('No screen yet')
    await hall.locator('.pairing__code').waitFor()
    expect(lead.errors).toEqual([])
  })

  test('with a code that nobody shows is not found', async () => {
    const lead = await openDesk(browser, `${server.url}/sign-in?next=/pair`)
    await lead.fill('E-mail', administrator)
    await lead.fill('Password', password)
    await lead.press('Sign in')
    await lead.fill('Code on the screen', 'aeio')
    await lead.press('Find the screen')
    await lead.sees('These are not the eight letters of a screen.')
    await lead.fill('Code on the screen', 'zzzz-zzzz')
    await lead.press('Find the screen')
    await lead.sees('No screen asks with this code')
    expect(lead.errors).toEqual([])
  })
})
