import { createStore } from '../live/store.ts'

/** Activates the waiting version. Undefined if none is waiting. */
export const waitingUpdate = createStore<(() => void) | undefined>(undefined)

const checkEveryMs = 3_600_000

/** Makes the page available offline. Browsers do not support this over plain HTTP. */
export async function registerWorker(): Promise<void> {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
  if (workers === undefined || import.meta.env.DEV) return
  // On the first load of the page there is no worker yet; the first one taking control is no reason to reload.
  let isUpdate = workers.controller !== null
  workers.addEventListener('controllerchange', () => {
    if (isUpdate) location.reload()
    isUpdate = true
  })
  const registration = await workers.register('/scan-worker.js', { scope: '/scan', updateViaCache: 'none' })
  const offer = (): void => {
    const { waiting } = registration
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no target origin
    if (waiting !== null && workers.controller !== null) waitingUpdate.set(() => waiting.postMessage('update'))
  }
  offer()
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer))
  // Updating while the page is hidden interrupts nobody.
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && waitingUpdate.get()?.())
  setInterval(() => void registration.update().catch(() => undefined), checkEveryMs)
}
