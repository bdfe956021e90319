import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { tablesWith } from '../harness/tables-with.ts'
import { openCustomerWorld, pathIn } from './customer-world.ts'
import type { CustomerWorld } from './customer-world.ts'

let world: CustomerWorld
beforeAll(async () => {
  world = await openCustomerWorld()
  await world.save()
}, 60_000)
afterAll(() => world.close())

describe('the link that stops the mails', () => {
  it('changes nothing when it is opened, and stops all mails of the site when it is confirmed', async () => {
    await world.place('SO-40', 'gina@example.com')
    await eventually(async () => expect(await world.told('SO-40')).toHaveLength(1))
    const path = pathIn(await world.mailTo('gina@example.com'))
    const page = await world.open(path)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain(`Stop emails about your orders from ${textIn(world.siteName, 'en')}?`)
    expect(page.headers.get('cache-control')).toBe('no-store')
    await world.enter('SO-40', 'pack')
    await eventually(async () => expect(await world.told('SO-40')).toHaveLength(2))
    const { optedOutCount } = await world.view()
    // As mail programs do for their own button.
    const oneClick = await world.open(path, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    })
    expect(oneClick.status).toBe(200)
    expect(await oneClick.text()).toContain('You will receive no more emails')
    expect((await world.view()).optedOutCount).toBe(optedOutCount + 1)
    // What was waiting is not sent any more; the address is not stored.
    expect(await world.told('SO-40')).toHaveLength(1)
    await world.enter('SO-40', 'ship')
    await world.place('SO-41', 'GINA@example.com')
    await world.everythingHandled()
    expect(await world.outcomes('SO-40')).toContain('entered:ship opted-out')
    expect(await world.outcomes('SO-41')).toEqual(['placed opted-out'])
    const stored = await world.server.database.query('select * from customer_opt_outs')
    expect(JSON.stringify(stored)).not.toMatch(/gina/i)
    // They may change their mind on the same page.
    const back = await world.open(path, { method: 'POST', body: new URLSearchParams({ action: 'resume' }) })
    expect(await back.text()).toContain('again')
    expect((await world.view()).optedOutCount).toBe(optedOutCount)
  })

  it('is refused if nobody was sent it, whatever the form in which it is posted', async () => {
    const before = (await world.view()).optedOutCount
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    for (const init of [{}, { method: 'POST' }, { method: 'POST', body: form }]) {
      const page = await world.open('/unsubscribe/nothing', { ...init, headers: { 'accept-language': 'zh-CN' } })
      expect(page.status).toBe(404)
      expect(await page.text()).toContain('链接无效')
    }
    expect((await world.view()).optedOutCount).toBe(before)
  })

  it('is offered by mail programs', async () => {
    await world.place('SO-42', 'hans@example.com')
    await eventually(async () => expect(await world.told('SO-42')).toHaveLength(1))
    const headers = world.mailBox.nextHeaders('hans@example.com')
    await world.server.server.messages.runDue()
    expect(await headers).toMatch(/List-Unsubscribe: <http:\/\/stagewatch\.example\/unsubscribe\/[\w-]+>/)
    expect(await headers).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
  })
})

describe('the token in the link that stops the mails', () => {
  const tokenOf = (path: string): string => path.slice('/unsubscribe/'.length)

  it('is readable in no table once the mail was sent', async () => {
    await world.place('SO-43', 'ida@example.com')
    await eventually(async () => expect(await world.told('SO-43')).toHaveLength(1))
    const path = pathIn(await world.mailTo('ida@example.com'))
    await eventually(async () => expect(await tablesWith(world.server.database, tokenOf(path))).toEqual([]))
    expect((await world.open(path)).status).toBe(200)
  })

  it('is another one in a mail that is sent again, and both stop the mails', async () => {
    let refused = ''
    // As when the mail has arrived, and its receipt is not confirmed.
    world.mailBox.refusal = (text) => {
      refused = pathIn(text)
      return 'no such mailbox'
    }
    await world.place('SO-44', 'jan@example.com')
    await eventually(async () => expect(await world.told('SO-44')).toHaveLength(1))
    await world.server.server.messages.runDue()
    const [message] = await eventually(async () => {
      const rows = await world.server.database.query<{ id: string }>(
        `select id from messages where recipient = 'jan@example.com' and state = 'refused'`,
      )
      expect(rows).toHaveLength(1)
      return rows
    })
    world.mailBox.refusal = undefined
    expect(await tablesWith(world.server.database, tokenOf(refused))).toEqual([])
    const resent = await world.server.ada.call(`/api/v1/messages/${message?.id}/resend`, { method: 'POST' })
    expect(resent).toMatchObject({ status: 200 })
    const path = pathIn(await world.mailTo('jan@example.com'))
    expect(path).not.toBe(refused)
    for (const one of [refused, path]) {
      const { optedOutCount } = await world.view()
      expect((await world.open(one, { method: 'POST' })).status).toBe(200)
      expect((await world.view()).optedOutCount).toBe(optedOutCount + 1)
      await world.open(one, { method: 'POST', body: new URLSearchParams({ action: 'resume' }) })
    }
    await eventually(async () => expect(await tablesWith(world.server.database, tokenOf(path))).toEqual([]))
  })
})

it('a stranger who tries many links is refused for a while', async () => {
  for (let tried = 0; tried < 600; tried += 1) await world.open('/unsubscribe/none')
  const page = await world.open('/unsubscribe/none')
  expect(page.status).toBe(429)
  expect(await page.text()).toContain('Too many attempts')
})
