import { QueryClientProvider, useQuery, type QueryClient } from '@tanstack/react-query'
import { act, cleanup, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { alertCountsQuery, alertQuery, orderAlertsQuery } from './alerts.ts'
import { approvalQuery, approvalsQuery, orderApprovalsQuery } from './approvals.ts'
import { departmentNamesQuery, departmentsQuery } from './department-names.ts'
import { waitingHandoversQuery } from './handovers.ts'
import { healthQuery } from './health.ts'
import { newQueryClient } from './query-client.ts'
import { meQuery } from './session.ts'
import { boardQuery, processesQuery } from './site-queries.ts'
import { skillsQuery } from './skills.ts'
import { taskQuery } from './tasks.ts'
import { newerVersionQuery, versionsQuery } from './versions.ts'

/** Components see an answer in a later turn of the event loop than its query. */
const notifiedMs = 10
const fetched = vi.fn<(path: string) => Promise<Response>>()
let queries: QueryClient

beforeEach(() => {
  vi.useFakeTimers()
  fetched.mockReset()
  // Every page keeps asking, whatever the answer is.
  fetched.mockImplementation(async () => Response.json({}))
  vi.stubGlobal('fetch', fetched)
  queries = newQueryClient({ retry: false })
})
afterEach(() => {
  cleanup()
  queries.clear()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

type Query = Parameters<typeof useQuery>[0]
const show = (query: unknown) => renderHook(() => useQuery(query as Query), { wrapper })
const wrapper = ({ children }: { readonly children: ReactNode }) => (
  <QueryClientProvider client={queries}>{children}</QueryClientProvider>
)
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))

test.each([
  ['the departments', 15, '/api/v1/departments', departmentsQuery('east')],
  ['the skills', 15, '/api/v1/skills', skillsQuery('east')],
  ['a task', 15, '/api/v1/tasks/7', taskQuery('east', 7)],
  ['an alert', 15, '/api/v1/alerts/7', alertQuery('east', 7)],
  ['the alerts of an order', 15, '/api/v1/alerts?order=SO+1&limit=20', orderAlertsQuery('east', 'SO 1')],
  ['the number of alerts', 15, '/api/v1/alerts?limit=1', alertCountsQuery('east')],
  ['handovers that wait', 15, '/api/v1/handovers?state=waiting&limit=1', waitingHandoversQuery('east')],
  ['an approval', 10, '/api/v1/approvals/7', approvalQuery('east', 7)],
  ['approvals', 10, '/api/v1/approvals?segment=waiting', approvalsQuery('east', 'waiting')],
  ['the approvals of an order', 10, '/api/v1/orders/SO%201/approvals', orderApprovalsQuery('east', 'SO 1')],
  ['the state of the server', 10, '/readyz', healthQuery],
  ['the permissions of the user', 30, '/api/v1/me', meQuery('east')],
  ['the board', 30, '/api/v1/board', boardQuery('east')],
  ['the version of the server', 60, '/healthz', newerVersionQuery('1.0.0')],
  ['versions and migrations', 60, '/api/v1/admin/versions', versionsQuery('east')],
])('a page that shows %s asks for it every %i seconds', async (_, seconds, path, query) => {
  show(query)
  await pass(seconds * 1000 - 1)
  expect(fetched).toHaveBeenCalledTimes(1)
  await pass(1)
  expect(fetched).toHaveBeenCalledTimes(2)
  expect(fetched.mock.calls.map(([called]) => called)).toEqual([path, path])
  await pass(seconds * 1000)
  expect(fetched).toHaveBeenCalledTimes(3)
})

test('processes change so rarely that a page which only names them asks once', async () => {
  show(processesQuery('east'))
  await pass(600_000)
  expect(fetched).toHaveBeenCalledTimes(1)
})

test('the names of departments are asked for by the first component of a minute that shows them', async () => {
  fetched.mockImplementation(async () => Response.json({ departments: [] }))
  const query = departmentNamesQuery('east')
  show(query)
  await pass(59_999)
  show(query)
  await pass(0)
  expect(fetched).toHaveBeenCalledTimes(1)
  await pass(1)
  show(query)
  await pass(0)
  expect(fetched).toHaveBeenCalledTimes(2)
})

test.each([
  ['the state of the server', healthQuery],
  ['the version of the server', newerVersionQuery('1.0.0')],
  ['versions and migrations', versionsQuery('east')],
])('the next question for %s is the retry of one that failed', async (_, query) => {
  queries = newQueryClient()
  fetched.mockRejectedValue(new TypeError('Failed to fetch'))
  show(query)
  await pass(9_000)
  expect(fetched).toHaveBeenCalledTimes(1)
})

test('a server that does not answer about its version is given up after four seconds', async () => {
  const signals: (AbortSignal | null | undefined)[] = []
  vi.stubGlobal('fetch', (_path: string, { signal }: RequestInit) => {
    signals.push(signal)
    return new Promise((_answer, fail) => signal?.addEventListener('abort', () => fail(signal.reason)))
  })
  const { result } = show(newerVersionQuery('1.0.0'))
  await pass(3_999)
  expect(result.current.isPending).toBe(true)
  await pass(1)
  expect(signals.map((signal) => signal?.aborted)).toEqual([true])
  await pass(notifiedMs)
  expect(result.current.isError).toBe(true)
})

test('names the newest version that has answered, not one that an older instance answers after it', async () => {
  let version = '1.2.0'
  fetched.mockImplementation(async () => Response.json({ status: 'ok', version }))
  const { result } = show(newerVersionQuery('1.1.0'))
  await pass(notifiedMs)
  expect(result.current.data).toBe('1.2.0')
  version = '1.1.0'
  await pass(60_000 + notifiedMs)
  expect(fetched).toHaveBeenCalledTimes(2)
  expect(result.current.data).toBe('1.2.0')
  version = '1.10.0'
  await pass(60_000 + notifiedMs)
  expect(result.current.data).toBe('1.10.0')
  const own = show(newerVersionQuery('1.10.0'))
  await pass(notifiedMs)
  expect(own.result.current.data).toBeNull()
})
