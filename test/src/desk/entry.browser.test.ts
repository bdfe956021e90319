import { afterAll, beforeAll, describe, expect } from 'vitest'
import { freePort } from '../harness/free-port.ts'
import { test } from '../harness/browser-test.ts'
import { openMailBox } from '../identity/mail-box.ts'
import type { MailBox } from '../identity/mail-box.ts'
import { client, openOidcServer } from '../identity/oidc-server.ts'
import type { OidcServer } from '../identity/oidc-server.ts'
import { administrator, startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { openDesk } from './desk-page.ts'

describe('the ways in', () => {
  let mails: MailBox
  let provider: OidcServer
  let server: PeopledServer
  let eve: Visitor

  beforeAll(async () => {
    const port = String(await freePort())
    const url = `http://127.0.0.1:${port}`
    mails = await openMailBox()
    provider = await openOidcServer(`${url}/api/auth/callback/oidc`)
    const variables = {
      ...mails.variables,
      PUBLIC_URL: url,
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: client.id,
      OIDC_CLIENT_SECRET: client.secret,
      OIDC_NAME: 'Works login',
    }
    server = await startPeopled({ variables, port })
    eve = await server.join('eve@example.com', { role: 'administrator' })
  })
  afterAll(async () => {
    await server.close()
    await provider.close()
    await mails.close()
  })

  test('a forgotten password is replaced by the link of a mail', async ({ browser }) => {
    const desk = await openDesk(browser, `${server.url}/sign-in`)
    await desk.page.getByRole('link', { name: 'Forgot your password?' }).click()
    await desk.page.getByRole('heading', { name: 'Forgot password' }).waitFor()
    await desk.fill('Email', administrator)
    await desk.press('Send link')
    await desk.sees('a link is on its way')
    const [link = ''] = /http:\S+#token=\S+/.exec(await mails.next(administrator)) ?? []
    await desk.page.goto(link)
    await desk.fill('New password', 'another horse altogether')
    await desk.press('Set password')
    await desk.sees('Your password has been changed.')
    expect(await desk.problems()).toEqual([])
    await desk.page.getByRole('link', { name: 'To sign-in' }).click()
    await desk.fill('Email', administrator)
    await desk.fill('Password', 'another horse altogether')
    await desk.press('Sign in')
    await desk.page.waitForURL((url) => url.pathname !== '/sign-in')
    await desk.page.goto(link)
    await desk.page.reload()
    await desk.fill('New password', 'yet another horse')
    await desk.press('Set password')
    await desk.page.getByRole('alert').waitFor()
    expect(desk.errors).toEqual([])
  })

  test('single sign-on lets in who was invited, and says to others that they were not', async ({ browser }) => {
    await eve.call('/api/v1/invitations', { body: { email: 'bob@example.com', role: 'lead' } })
    for (const [email, words] of [
      ['stranger@example.com', 'Your identity is confirmed, but you have not been invited.'],
      ['bob@example.com', 'bob@example.com'],
    ] as const) {
      const desk = await openDesk(browser, `${server.url}/sign-in?next=/account`)
      await desk.press('Sign in with Works login')
      await desk.page.locator('input[name=login]').fill(email)
      await desk.page.locator('input[name=password]').fill('any')
      await desk.page.locator('button[type=submit]').click()
      await desk.page.locator('button[type=submit]').click()
      await desk.page.waitForURL((url) => url.origin === server.url)
      await desk.sees(words)
      expect(await desk.problems()).toEqual([])
      expect(desk.errors).toEqual([])
    }
  })
})
