/** The part of the service worker API used here; the configured type library covers only pages. */
interface WorkerScope {
  readonly location: Location
  addEventListener(type: 'install' | 'activate', listener: (event: LifeEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: RequestEvent) => void): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
}

interface LifeEvent {
  waitUntil(work: Promise<unknown>): void
}

interface RequestEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

/** Injected by the build: the files of the page, and a name that changes with them. */
declare const scanFiles: readonly string[]
declare const scanBuild: string

const worker = globalThis as unknown as WorkerScope
const prefix = 'stagewatch-scan-'
const cacheName = prefix + scanBuild
const page = '/scan'

worker.addEventListener('install', (event) => event.waitUntil(install()))
worker.addEventListener('activate', (event) => event.waitUntil(activate()))

// The page sends this message once it no longer needs the old version.
worker.addEventListener('message', ({ data }) => {
  if (data === 'update') void worker.skipWaiting()
})

// The page and its files come from the cache of one build. Everything else, above all the API, goes to the server:
// yesterday's answer must not look current.
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== worker.location.origin) return
  const isPage = request.mode === 'navigate' && pathname === page
  if (isPage || scanFiles.includes(pathname)) event.respondWith(answer(isPage ? page : pathname, request))
})

async function install(): Promise<void> {
  const cache = await caches.open(cacheName)
  const requests = [page, ...scanFiles].map((path) => new Request(path, { cache: 'no-cache' }))
  await cache.addAll(requests)
}

async function activate(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(
    names.filter((name) => name.startsWith(prefix) && name !== cacheName).map((name) => caches.delete(name)),
  )
  await worker.clients.claim()
}

async function answer(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  return (await cache.match(path)) ?? fetch(request)
}
