// @vitest-environment-options { "settings": { "disableCSSFileLoading": true, "disableJavaScriptFileLoading": true, "handleDisabledFileLoadingAsSuccess": true } }
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { pageIsServed, reloadOnce, reloadServed } from './page-reload.ts'

const wall = `<!doctype html><link rel="stylesheet" href="/assets/wall.css">
  <script type="module" src="/assets/wall-1.js"></script><link rel="modulepreload" href="/assets/react.js">
  <link rel="icon" href="/icon.svg">`

/** Responses of the server by address; any other address is a 404. */
let served: Record<string, () => Response | Promise<Response>>
const reload = vi.fn<() => void>()

beforeEach(() => {
  const part = (): Response => new Response('')
  served = {
    '/wall': () => new Response(wall),
    '/assets/wall.css': part,
    '/assets/wall-1.js': part,
    '/assets/react.js': part,
  }
  history.replaceState(null, '', '/wall')
  sessionStorage.clear()
  reload.mockClear()
  vi.spyOn(location, 'reload').mockImplementation(reload)
  vi.stubGlobal('fetch', async (address: string | URL) => {
    const { pathname } = new URL(address, location.href)
    return (await served[pathname]?.()) ?? new Response('', { status: 404 })
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const missing = (): Response => new Response('', { status: 503 })

describe('a page', () => {
  it('is available if all files that it needs at start are', async () => {
    expect(await pageIsServed()).toBe(true)
  })

  it.each(['/wall', '/assets/wall.css', '/assets/wall-1.js', '/assets/react.js'])(
    'is not without %s',
    async (address) => {
      served[address] = missing
      expect(await pageIsServed()).toBe(false)
    },
  )

  it('is not when something else responds in its place, even with status 200', async () => {
    served['/wall'] = () => new Response('<!doctype html><h1>Maintenance</h1>')
    expect(await pageIsServed()).toBe(false)
  })

  it('is not when nothing responds', async () => {
    served['/wall'] = () => Promise.reject(new TypeError('Failed to fetch'))
    expect(await pageIsServed()).toBe(false)
  })

  it('is reloaded only while it is served', async () => {
    served['/assets/wall-1.js'] = missing
    await reloadServed()
    expect(reload).not.toHaveBeenCalled()
    served['/assets/wall-1.js'] = () => new Response('')
    await reloadServed()
    expect(reload).toHaveBeenCalledOnce()
  })
})

describe('a reload for a reason', () => {
  it('is done once for each reason', async () => {
    expect(await reloadOnce('build wall-2.js')).toBe(true)
    expect(await reloadOnce('build wall-2.js')).toBe(false)
    expect(reload).toHaveBeenCalledOnce()
    expect(await reloadOnce('build wall-3.js')).toBe(true)
    expect(reload).toHaveBeenCalledTimes(2)
  })

  it('is done later when the page is not served now', async () => {
    served['/assets/wall-1.js'] = missing
    expect(await reloadOnce('build wall-2.js')).toBe(false)
    served['/assets/wall-1.js'] = () => new Response('')
    expect(await reloadOnce('build wall-2.js')).toBe(true)
  })

  it('is done for one of two that come at a time', async () => {
    expect(await Promise.all([reloadOnce('build wall-2.js'), reloadOnce('protocol 9')])).toEqual([true, false])
    expect(reload).toHaveBeenCalledOnce()
  })
})
