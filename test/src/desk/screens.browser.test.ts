import { afterAll, beforeAll, describe, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { administrator, password } from '../identity/peopled-server.ts'
import { openDesk, phone } from './desk-page.ts'

describe('a screen in the hall', () => {
  let server: PeopledServer

  beforeAll(async () => {
    server = await startPeopled({ variables: { ALLOWED_HOSTS: 'hall.localhost' } })
  })

  afterAll(async () => {
    await server.close()
  })

  test('is let in by whoever types its code on a phone, and goes blank when it is revoked', async ({ browser }) => {
    // A host name other than the machine's own requires authentication to read.
    const hall = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    await hall.goto(`${server.url.replace('127.0.0.1', 'hall.localhost')}/wall?site=main&lang=en`)
    const code = (await hall.locator('.pairing__code').getAttribute('aria-label')) ?? ''

    const lead = await openDesk(browser, `${server.url}/pair?code=${encodeURIComponent(code)}`, { viewport: phone })
    await lead.fill('Email', administrator)
    await lead.fill('Password', password)
    await lead.press('Sign in')
    await lead.sees('Screen requesting access')
    expect(await lead.page.locator('#content h2 + p').innerText()).toBe(code)
    await lead.fill('Screen name', 'Hall 2, north wall')
    const approve = lead.page.getByRole('button', { name: 'Approve' })
    expect(await approve.isDisabled()).toBe(true)
    await lead.page.getByLabel('I see this code on the screen').check()
    await lead.fill('Screen diagonal', '55')
    await lead.fill('Viewing distance', '5')
    await lead.press('Use “Large”')
    expect(await lead.problems()).toEqual([])
    await approve.click()
    await lead.sees('Waiting for the screen')
    await lead.sees('Hall 2, north wall is paired')
    await hall.locator('.pairing').waitFor({ state: 'detached' })

    await lead.page.getByRole('link', { name: 'All screens' }).click()
    await lead.sees('Large')
    await lead.press('Revoke: Hall 2, north wall')
    await lead.press('Revoke')
    await lead.sees('No screens yet')
    // Whoever may read the wall sees a code only there.
    await lead.sees(`${server.url}/wall?pair`)
    await hall.locator('.pairing__code').waitFor()
    expect(lead.errors).toEqual([])
  })

  test('with a code that nobody shows is not found', async ({ browser }) => {
    const lead = await openDesk(browser, `${server.url}/sign-in?next=/pair`)
    await lead.fill('Email', administrator)
    await lead.fill('Password', password)
    await lead.press('Sign in')
    await lead.fill('Code on the screen', 'aeio')
    await lead.press('Find screen')
    await lead.sees('This is not a valid code.')
    await lead.fill('Code on the screen', 'zzzz-zzzz')
    await lead.press('Find screen')
    await lead.sees('No screen with this code')
    expect(lead.errors).toEqual([])
  })
})
