import { pushSettings } from '@stagewatch/shared/contract/messages.ts'
import { queryOptions } from '@tanstack/react-query'
import { ignoredResponse, request } from '../../api/request.ts'

/** This worker only shows push messages; its scope contains no page. */
const worker = { script: '/push-worker.js', scope: '/push-worker' } as const
/** Length of a subscription id, which is the start of a hash of the endpoint, as on the server. */
const idLength = 22

/** Whether this browser supports push messages, and whether they are on. */
export type PushState = 'impossible' | 'off' | 'on'

export const pushQuery = queryOptions({
  queryKey: ['push'],
  queryFn: async ({ signal }) => {
    const { publicKey, endpoints } = await request({
      path: '/api/v1/push-subscriptions',
      response: pushSettings,
      signal,
    })
    if (publicKey === undefined || !isSupported()) return { publicKey, state: 'impossible' as PushState }
    const subscription = await own()
    // The server ends push messages together with sessions, and the browser may be registered for somebody else.
    const id = subscription && (await idOf(subscription.endpoint))
    const state: PushState = endpoints.some((endpoint) => endpoint.id === id) ? 'on' : 'off'
    return { publicKey, state }
  },
  retry: false,
})

/** @returns whether the user granted the permission. */
export async function subscribe(publicKey: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false
  await navigator.serviceWorker.register(worker.script, { scope: worker.scope, updateViaCache: 'none' })
  const registration = await activeRegistration()
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: publicKey,
  })
  const { endpoint, keys } = subscription.toJSON()
  await request({
    path: '/api/v1/push-subscriptions',
    method: 'POST',
    body: { endpoint, keys },
    response: ignoredResponse,
  })
  return true
}

export async function unsubscribe(): Promise<void> {
  const subscription = await own()
  if (subscription === undefined) return
  const id = await idOf(subscription.endpoint)
  await request({ path: `/api/v1/push-subscriptions/${id}`, method: 'DELETE', response: ignoredResponse })
  await subscription.unsubscribe()
}

/** Ends push messages to this browser before somebody signs out, which must not fail because of that. */
export async function unsubscribeQuietly(): Promise<void> {
  if (isSupported()) await unsubscribe().catch(() => undefined)
}

/** Browsers do not provide these APIs over plain HTTP. */
function isSupported(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
}

async function own(): Promise<PushSubscription | undefined> {
  const registration = await navigator.serviceWorker.getRegistration(worker.scope)
  return (await registration?.pushManager.getSubscription()) ?? undefined
}

/** A browser can only subscribe through an active worker. */
async function activeRegistration(): Promise<ServiceWorkerRegistration> {
  const registration = await navigator.serviceWorker.getRegistration(worker.scope)
  if (registration === undefined) throw new Error('the worker of messages is not registered')
  const starting = registration.installing ?? registration.waiting
  if (registration.active === null && starting !== null) {
    await new Promise<void>((resolve) => {
      starting.addEventListener('statechange', () => starting.state === 'activated' && resolve())
    })
  }
  return registration
}

async function idOf(endpoint: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint))
  const base64 = btoa(String.fromCharCode(...new Uint8Array(hash)))
  return base64.replaceAll('+', '-').replaceAll('/', '_').slice(0, idLength)
}
