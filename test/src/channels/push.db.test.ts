import { enqueueMessages } from '@stagewatch/server/channels/enqueue-messages.ts'
import { messageLog } from '@stagewatch/shared/contract/message-log.ts'
import { inbox, pushSettings } from '@stagewatch/shared/contract/messages.ts'
import { me } from '@stagewatch/shared/contract/me.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { password, startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { tokenIn } from '../identity/mail-box.ts'
import type { Visitor } from '../identity/visitor.ts'
import { startPushService } from './push-service.ts'
import type { PushService } from './push-service.ts'

let service: PushService
let server: PeopledServer
let person: string

beforeAll(async () => {
  service = await startPushService()
  const variables = { WEBHOOK_PRIVATE_NETWORKS: 'on', SECRETS_KEY: Buffer.alloc(32, 4).toString('base64') }
  server = await startPeopled({ variables })
  person = me.parse((await server.ada.call('/api/v1/me')).body).id ?? ''
})
afterAll(async () => {
  service.close()
  await server.close()
})

async function tell(order: string): Promise<void> {
  const message = {
    severity: 'critical' as const,
    title: `${order} stands still`,
    lines: [],
    link: `/orders/${order}`,
    language: 'zh' as const,
    orders: [order],
    dedupeKey: order,
  }
  const routes = [
    { channel: 'push', to: person },
    { channel: 'inbox', to: person },
  ] as const
  await server.database.transaction((tx) => enqueueMessages(tx, 'main', [{ routes, message }], Date.now()))
  await server.server.messages.runDue()
}

it('a browser receives messages that only it can decrypt; once it is gone, its owner is notified elsewhere', async () => {
  const { received, subscription: body } = service
  expect((await server.ada.call('/api/v1/push-subscriptions', { body })).status).toBe(200)
  const { publicKey, endpoints } = pushSettings.parse((await server.ada.call('/api/v1/push-subscriptions')).body)
  expect(endpoints).toMatchObject([{ origin: new URL(body.endpoint).origin }])
  await tell('SO-1')
  expect(received).toHaveLength(1)
  expect(received[0]?.authorization).toMatch(new RegExp(`^vapid t=[\\w.-]+, k=${publicKey}$`))
  expect(JSON.parse(received[0]?.text ?? '')).toMatchObject({ path: '/orders/SO-1', tag: 'SO-1' })
  expect(received[0]?.text).toContain('[紧急] SO-1 stands still')

  service.status = 410
  await tell('SO-2')
  expect(received).toHaveLength(1)
  expect(pushSettings.parse((await server.ada.call('/api/v1/push-subscriptions')).body).endpoints).toEqual([])
  await tell('SO-3')
  const { unreadCount, messages } = inbox.parse((await server.ada.call('/api/v1/inbox')).body)
  expect([unreadCount, messages.flatMap(({ orders }) => orders)]).toEqual([2, ['SO-3', 'SO-2']])
  const read = await server.ada.call('/api/v1/inbox/read', { body: { ids: messages.slice(0, 1).map(({ id }) => id) } })
  expect(inbox.parse(read.body).unreadCount).toBe(1)
  const { messages: logged } = messageLog.parse((await server.ada.call('/api/v1/messages?channel=push')).body)
  expect(logged.map(({ state, attempts }) => [state, attempts.at(-1)?.status])).toEqual([
    ['refused', undefined],
    ['refused', 410],
    ['sent', 201],
  ])
})

describe('push messages to a browser that an intruder may have registered', () => {
  const registered = () => server.database.query('select id from push_subscriptions')
  const email = 'wang@example.com'
  const newPassword = 'another long passphrase'
  const wang = async (): Promise<string> => {
    const [found] = await server.database.query<{ id: string }>('select id from users where email = $1', [email])
    return found!.id
  }
  const change = (visitor: Visitor) =>
    visitor.call('/api/auth/change-password', { body: { currentPassword: password, newPassword } })
  const reset = async () => {
    const key = server.server.access.localAdminToken
    const path = `/api/v1/people/${await wang()}/reset-link`
    const { body } = await server.visitor().call(path, { method: 'POST', key })
    const token = tokenIn((body as { link: string }).link)
    return server.visitor().call('/api/auth/reset-password', { body: { token, newPassword } })
  }
  const act = (action: string) => async () => server.ada.call(`/api/v1/people/${await wang()}/${action}`, { body: {} })

  it.each<[string, (visitor: Visitor) => Promise<{ status: number }>]>([
    ['changes the password', change],
    ['resets the password', reset],
    ['ends the other sessions', (visitor) => visitor.call('/api/auth/revoke-other-sessions', { body: {} })],
    ['is signed out everywhere by an administrator', act('end-sessions')],
    ['is blocked by an administrator', act('disable')],
  ])('end when the owner of the account %s', async (_how, end) => {
    await server.database.query('delete from users where email = $1', [email])
    const visitor = await server.join(email, { role: 'viewer' })
    expect((await visitor.call('/api/v1/push-subscriptions', { body: service.subscription })).status).toBe(200)
    expect(await registered()).toHaveLength(1)
    expect((await end(visitor)).status).toBe(200)
    expect(await registered()).toEqual([])
  })
})

it('a message center shows only its owner’s messages', async () => {
  const other = await server.join('li@example.com', { role: 'viewer' })
  expect(inbox.parse((await other.call('/api/v1/inbox')).body)).toEqual({ unreadCount: 0, messages: [] })
})
