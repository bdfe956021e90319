import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { ApiError, isApiError, registerReauthentication, request } from './request.ts'

const site = z.object({ code: z.string() })

/** Stubs `fetch` with consecutive responses and records the requests. */
function answer(...responses: readonly Response[]) {
  const left = [...responses]
  const sent: { readonly path: string; readonly init: RequestInit }[] = []
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    sent.push({ path, init })
    const next = left.shift()
    return next === undefined ? Promise.reject(new TypeError('failed to fetch')) : Promise.resolve(next)
  })
  return sent
}

function refusal(status: number, body: unknown): Response {
  return Response.json(body, { status })
}

function failure(response: Response): Promise<unknown> {
  answer(response)
  return request({ path: '/api/v1/x', response: site }).then(
    () => undefined,
    (error: unknown) => error,
  )
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('a request', () => {
  it('sends the body, the site and the version, and returns what the schema finds', async () => {
    const sent = answer(Response.json({ code: 'main', more: true }))
    const options = { path: '/api/v1/x', method: 'PUT', body: { a: 1 }, version: 'v2', site: 'east' } as const
    expect(await request({ ...options, response: site })).toEqual({ code: 'main' })
    expect(sent[0]?.init).toMatchObject({
      method: 'PUT',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'if-match': '"v2"', 'x-stagewatch-site': 'east' },
    })
  })

  it('sends nothing beyond its options, and the cookie by default', async () => {
    const sent = answer(Response.json({ code: 'main' }), Response.json({ code: 'main' }))
    await request({ path: '/api/v1/x', response: site })
    await request({ path: '/api/v1/x', response: site, credentials: 'omit', token: 'sw_1' })
    expect(sent.map(({ init: { signal: _, ...init } }) => init)).toEqual([
      { method: 'GET', credentials: 'same-origin', headers: { accept: 'application/json' }, body: null },
      {
        method: 'GET',
        credentials: 'omit',
        headers: { accept: 'application/json', authorization: 'Bearer sw_1' },
        body: null,
      },
    ])
  })

  it('fails with the code, the id and the details that the server gives', async () => {
    const details = [{ field: 'name', message: 'is missing', reason: 'missing' }]
    const error = await failure(refusal(400, { code: 'invalid_field', message: 'no', requestId: '7f', details }))
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status: 400, code: 'invalid_field', requestId: '7f', details })
  })

  it.each([
    ['the sign-in service', refusal(401, { code: 'INVALID_PASSWORD' }), 'INVALID_PASSWORD'],
    ['the sign-in service, with a code that nobody knows', refusal(401, { code: 'NEW_CODE' }), 'unauthorized'],
    ['the sign-in service, without a code', refusal(400, { message: 'what?' }), 'invalid_field'],
    ['a proxy that limits', new Response('slow down', { status: 429 }), 'rate_limited'],
    ['a proxy without a server', new Response('<h1>502</h1>', { status: 502 }), undefined],
    ['a server that answers something else', Response.json({ name: 'main' }), undefined],
  ] as const)('reports what is known of a refusal by %s', async (_, response, code) => {
    const error = await failure(response)
    expect(error).toBeInstanceOf(ApiError)
    expect((error as ApiError).code).toBe(code)
  })

  it('fails with the error of fetch when there is no response', async () => {
    answer()
    await expect(request({ path: '/api/v1/x', response: site })).rejects.toThrow('failed to fetch')
  })

  it('times out, and leaves no timer behind when it was answered earlier', async () => {
    vi.useFakeTimers()
    vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => {
      const { promise, reject } = Promise.withResolvers<Response>()
      signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
      return promise
    })
    const late = request({ path: '/x', response: site, timeoutMs: 1_000 }).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await late).toMatchObject({ name: 'AbortError' })
    const leaves = new AbortController()
    const left = request({ path: '/x', response: site, timeoutMs: 1_000, signal: leaves.signal }).catch(
      (error: unknown) => error,
    )
    leaves.abort()
    expect(await left).toMatchObject({ name: 'AbortError' })
    answer(Response.json({ code: 'main' }))
    await request({ path: '/x', response: site, timeoutMs: 1_000 })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a request that needs a fresh proof of identity', () => {
  const fresh = { code: 'reauthentication_required', message: 'confirm', requestId: '1' }

  it('is retried once the person has confirmed', async () => {
    const sent = answer(refusal(403, fresh), Response.json({ code: 'main' }))
    const undo = registerReauthentication(() => Promise.resolve(true))
    expect(await request({ path: '/api/v1/x', method: 'POST', body: { a: 1 }, response: site })).toEqual({
      code: 'main',
    })
    expect(sent.map(({ init }) => init.body)).toEqual(['{"a":1}', '{"a":1}'])
    undo()
  })

  it('fails when nobody confirms, and when no page can ask', async () => {
    const undo = registerReauthentication(() => Promise.resolve(false))
    expect(isApiError(await failure(refusal(403, fresh)), 'reauthentication_required')).toBe(true)
    undo()
    expect(isApiError(await failure(refusal(403, fresh)), 'reauthentication_required')).toBe(true)
  })

  it('prompts on the page that was registered last, even if an earlier one unregisters', async () => {
    const undoFirst = registerReauthentication(() => Promise.resolve(false))
    const undo = registerReauthentication(() => Promise.resolve(true))
    undoFirst()
    answer(refusal(403, fresh), Response.json({ code: 'main' }))
    expect(await request({ path: '/api/v1/x', response: site })).toEqual({ code: 'main' })
    undo()
  })

  it('prompts only once', async () => {
    answer(refusal(403, fresh), refusal(403, fresh), Response.json({ code: 'main' }))
    const confirm = vi.fn<() => Promise<boolean>>(() => Promise.resolve(true))
    const undo = registerReauthentication(confirm)
    await expect(request({ path: '/api/v1/x', response: site })).rejects.toBeInstanceOf(ApiError)
    expect(confirm).toHaveBeenCalledTimes(1)
    undo()
  })
})
