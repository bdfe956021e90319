import { enqueueMessages } from '@stagewatch/server/channels/enqueue-messages.ts'
import { me } from '@stagewatch/shared/contract/me.ts'
import { expect } from 'vitest'
import { openDeskAs } from '../desk/desk-page.ts'
import { test } from '../harness/browser-test.ts'
import { eventually } from '../harness/eventually.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import { startPushService } from './push-service.ts'

/**
 * Delivery from the vendor's push service to the browser needs the internet, so the test replaces it: it passes what
 * the service received on to the browser.
 */
test('a browser that somebody has registered shows what the server pushes', async ({ browser }) => {
  const service = await startPushService()
  const variables = { WEBHOOK_PRIVATE_NETWORKS: 'on', SECRETS_KEY: Buffer.alloc(32, 4).toString('base64') }
  const server = await startPeopled({ variables })
  const desk = await openDeskAs(browser, server.url, server.ada, '/alerts')
  const { page, context } = desk
  await context.grantPermissions(['notifications'])
  await page.evaluate(({ endpoint, keys }) => {
    // Subscribes as Chromium does, but without contacting the vendor.
    PushManager.prototype.subscribe = ({ applicationServerKey } = {}) => {
      if (typeof applicationServerKey !== 'string') throw new Error('no key')
      return Promise.resolve({ toJSON: () => ({ endpoint, keys }) } as unknown as PushSubscription)
    }
  }, service.subscription)
  await desk.press(/^Message centre/)
  await desk.press('Show messages in this browser')
  await eventually(async () => {
    const { endpoints } = (await server.ada.call('/api/v1/push-subscriptions')).body as { endpoints: unknown[] }
    expect(endpoints).toHaveLength(1)
  })

  const { id: person = '' } = me.parse((await server.ada.call('/api/v1/me')).body)
  const message = {
    severity: 'critical' as const,
    title: 'SO-1 stands still',
    lines: ['since 09:00'],
    link: '/orders/SO-1',
    language: 'en' as const,
    orders: ['SO-1'],
    dedupeKey: 'SO-1',
  }
  const told = [{ routes: [{ channel: 'push', to: person }] as const, message }]
  await server.database.transaction((tx) => enqueueMessages(tx, 'main', told, Date.now()))
  await eventually(() => expect(service.received).toHaveLength(1))

  // Headless Chromium cannot show notifications.
  const [worker] = context.serviceWorkers()
  await worker!.evaluate(() => {
    const shown: object[] = []
    ServiceWorkerRegistration.prototype.showNotification = (title, options) => {
      shown.push({ title, ...options })
      return Promise.resolve()
    }
    Object.assign(globalThis, { shown })
  })
  const devtools = await context.newCDPSession(page)
  const registered = Promise.withResolvers<string>()
  devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    const own = registrations.find(({ scopeURL }) => scopeURL.endsWith('/push-worker'))
    if (own !== undefined) registered.resolve(own.registrationId)
  })
  await devtools.send('ServiceWorker.enable')
  await devtools.send('ServiceWorker.deliverPushMessage', {
    origin: server.url,
    registrationId: await registered.promise,
    data: service.received[0]!.text,
  })
  await eventually(async () => {
    const shown = await worker!.evaluate(() => (globalThis as unknown as { shown?: unknown[] }).shown)
    const notification = {
      title: '[Critical] SO-1 stands still',
      body: 'Orders: SO-1\nsince 09:00',
      data: { path: '/orders/SO-1' },
    }
    expect(shown).toMatchObject([notification])
  })

  await page.evaluate(({ endpoint }) => {
    PushManager.prototype.getSubscription = () =>
      Promise.resolve({ endpoint, unsubscribe: () => Promise.resolve(true) } as unknown as PushSubscription)
  }, service.subscription)
  await page.keyboard.press('Escape')
  await desk.press('Account')
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL(/sign-in/)
  expect(await server.database.query('select id from push_subscriptions')).toEqual([])
  expect(desk.errors).toEqual([])
  await context.close()
  service.close()
  await server.close()
})
