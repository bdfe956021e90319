import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { LiveChanges } from '@stagewatch/shared/contract/live-query.ts'
import { act, cleanup, render } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LiveConnection, LiveListener } from './live-connection.ts'
import { LiveContext } from './use-live-query.ts'
import { useRefetchOnChange } from './use-refetch-on-change.ts'

let listener: LiveListener | undefined
let queries: QueryClient
let refetched: string[]
/** Ends the refetch in progress. */
let answer: () => void

beforeEach(() => {
  vi.useFakeTimers()
  queries = new QueryClient()
  refetched = []
  vi.spyOn(queries, 'invalidateQueries').mockImplementation(({ queryKey } = {}) => {
    refetched.push(String(queryKey))
    return new Promise((resolve) => (answer = resolve))
  })
  const watch = (_: unknown, given: LiveListener) => {
    listener = given
    return () => (listener = undefined)
  }
  const updates = { connection: { watch } as unknown as LiveConnection, isPaused: false, setPaused: () => undefined }
  render(
    <QueryClientProvider client={queries}>
      <LiveContext value={updates}>
        <Refetching />
      </LiveContext>
    </QueryClientProvider>,
  )
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function Refetching() {
  useRefetchOnChange('main')
  return null
}

function receive(counts: Partial<LiveChanges['counts']>, since = 1): void {
  const tree: LiveChanges = {
    asOf: 1,
    position: '0',
    since,
    counts: { tasks: 0, alerts: 0, 'alert-rules': 0, approvals: 0, handovers: 0, rules: 0, ...counts },
  }
  listener?.onTree(tree)
}

describe('a page with data that the server does not push', () => {
  it('refetches what has changed, and nothing when it opens', () => {
    receive({ alerts: 7 })
    expect(refetched).toEqual([])
    receive({ alerts: 8 })
    expect(refetched).toEqual(['alerts,main'])
  })

  it('refetches everything after it reached another server instance', () => {
    receive({ alerts: 7 })
    receive({ alerts: 7 }, 2)
    expect(refetched).toEqual([
      'tasks,main',
      'alerts,main',
      'alert-rules,main',
      'approvals,main',
      'handovers,main',
      'processes,main',
      'calendars,main',
      'stages,main',
      'privacy,main',
    ])
  })

  it('refetches once more, and not at once, for all changes during a refetch', async () => {
    for (const tasks of [1, 2, 3, 4]) receive({ tasks })
    expect(refetched).toEqual(['tasks,main'])
    await act(async () => answer())
    expect(refetched).toHaveLength(1)
    await act(() => vi.advanceTimersByTimeAsync(1_000))
    expect(refetched).toHaveLength(2)
    await act(async () => answer())
    await act(() => vi.advanceTimersByTimeAsync(10_000))
    expect(refetched).toHaveLength(2)
  })

  it('refetches nothing after it was left', async () => {
    for (const tasks of [1, 2, 3]) receive({ tasks })
    cleanup()
    expect(listener).toBeUndefined()
    await act(async () => answer())
    await act(() => vi.advanceTimersByTimeAsync(10_000))
    expect(refetched).toHaveLength(1)
  })
})
