import { createStore } from '../live/store.ts'

/** Starts the version that waits; undefined: none does. */
export const waitingUpdate = createStore<(() => void) | undefined>(undefined)

const checkEveryMs = 3_600_000

/** Keeps the page on the device. Over plain http no browser does that. */
export async function registerWorker(): Promise<void> {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
  if (workers === undefined || import.meta.env.DEV) return
  // A page that is loaded for the first time has no worker yet: that one takes over is no reason to load it again.
  let isUpdate = workers.controller !== null
  workers.addEventListener('controllerchange', () => {
    if (isUpdate) location.reload()
    isUpdate = true
  })
  const registration = await workers.register('/scan-worker.js', { scope: '/scan', updateViaCache: 'none' })
  const offer = (): void => {
    const { waiting } = registration
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
    if (waiting !== null && workers.controller !== null) waitingUpdate.set(() => waiting.postMessage('update'))
  }
  offer()
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer))
  // A phone that is put away shows nothing that could be interrupted.
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && waitingUpdate.get()?.())
  setInterval(() => void registration.update().catch(() => undefined), checkEveryMs)
}
