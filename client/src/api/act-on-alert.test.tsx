import type { AlertList } from '@stagewatch/shared/contract/alerts.ts'
import { QueryClient } from '@tanstack/react-query'
import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { asLead } from '../components/testing/as-lead.tsx'
import { useActOnAlert } from './alerts.ts'
import type { AlertAction } from './alerts.ts'

const key = ['alerts', 'east', 'counts']
const list: AlertList = {
  alerts: [
    {
      id: 7,
      rule: { id: 'r1', name: 'Overdue', severity: 'critical' },
      state: 'open',
      beganAt: 0,
      isSilent: false,
      isUnknown: false,
      stepsDone: 1,
    },
  ],
  openCount: 1,
  waitingCount: 1,
}
const fetched = vi.fn<(path: string, init: RequestInit) => Promise<Response>>()
let queries: QueryClient

beforeEach(() => {
  queries = new QueryClient()
  queries.setQueryData(key, list)
  fetched.mockReset()
  vi.stubGlobal('fetch', fetched)
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

async function doing(action: AlertAction) {
  const { result } = renderHook(() => useActOnAlert(7), { wrapper: asLead(queries) })
  await act(async () => result.current.mutate(action))
  return result
}

test.each<[AlertAction, string, object]>([
  [{ kind: 'acknowledge' }, 'acknowledge', {}],
  [{ kind: 'snooze', until: 'nextWorkingMorning' }, 'snooze', { until: 'nextWorkingMorning' }],
  [{ kind: 'handOver', to: 'li', acceptWithinMs: 900_000 }, 'hand-over', { to: 'li', acceptWithinMs: 900_000 }],
  [{ kind: 'accept' }, 'accept', {}],
  [{ kind: 'decline', reason: 'on leave' }, 'decline', { reason: 'on leave' }],
])('%o is sent to its own address', async (action, path, body) => {
  fetched.mockImplementation(async () => Response.json({}))
  await doing(action)
  const request = expect.objectContaining({ method: 'POST', body: JSON.stringify(body) })
  expect(fetched).toHaveBeenCalledWith(`/api/v1/alerts/7/${path}`, request)
})

test('what was done shows at once, and is taken back where the server refuses', async () => {
  const { promise, resolve } = Promise.withResolvers<Response>()
  fetched.mockImplementation(() => promise)
  const result = await doing({ kind: 'acknowledge' })
  expect(queries.getQueryData<AlertList>(key)?.alerts[0]).toMatchObject({
    state: 'acknowledged',
    acknowledgedBy: 'Ada',
  })
  resolve(Response.json({ code: 'conflict', message: 'somebody was faster', requestId: 'r1' }, { status: 409 }))
  await waitFor(() => expect(result.current.isError).toBe(true))
  expect(queries.getQueryData(key)).toEqual(list)
})
