import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { LiveTree } from '@stagewatch/shared/contract/live-query.ts'
import { act, cleanup, render, screen } from '@testing-library/react'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LiveConnection, LiveListener } from './live-connection.ts'
import { LiveContext, useIsLive, useLiveFreshness, useLiveQuery } from './use-live-query.ts'

/** A connection whose server side is driven by the test. */
class Server {
  state: LiveConnection['state'] = { confirmedAt: undefined, dataAsOf: undefined }
  readonly watched: { message: unknown; listener: LiveListener; isOver: boolean }[] = []

  watch(message: unknown, listener: LiveListener): () => void {
    const watch = { message, listener, isOver: false }
    this.watched.push(watch)
    return () => (watch.isOver = true)
  }
}

let server: Server
let queries: QueryClient

beforeEach(() => {
  vi.useFakeTimers()
  server = new Server()
  queries = new QueryClient()
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function Page({ search, onData }: { readonly search: string; readonly onData?: (total: unknown) => void }) {
  useLiveQuery({
    queryKey: ['orders', search],
    message: { kind: 'orders', search },
    toData: (tree) => (tree as unknown as { total: number }).total,
    onData,
  })
  return null
}

function Age() {
  const { freshness, ageMs, isCut } = useLiveFreshness()
  return <p role="timer">{`${freshness} ${ageMs} ${isCut} ${useIsLive()}`}</p>
}

function on(page: React.ReactNode, connection: Server | undefined = server) {
  const updates = { connection: connection as unknown as LiveConnection, isPaused: false, setPaused: () => undefined }
  return (
    <QueryClientProvider client={queries}>
      <LiveContext value={updates}>{page}</LiveContext>
    </QueryClientProvider>
  )
}

const tree = (total: number) => ({ total }) as unknown as LiveTree

describe('a page with a live query', () => {
  it('puts the answer of the server into its cache, or passes it on', () => {
    const page = render(on(<Page search="a" />))
    expect(server.watched).toMatchObject([{ message: { kind: 'orders', search: 'a' } }])
    server.watched[0]!.listener.onTree(tree(3))
    expect(queries.getQueryData(['orders', 'a'])).toBe(3)
    const given = vi.fn<(total: unknown) => void>()
    page.rerender(on(<Page search="a" onData={given} />))
    expect(server.watched).toHaveLength(1)
    server.watched[0]!.listener.onTree(tree(4))
    expect([queries.getQueryData(['orders', 'a']), given.mock.calls]).toEqual([3, [[4]]])
  })

  it('unsubscribes when its query changes, and when it closes', () => {
    const page = render(on(<Page search="a" />))
    page.rerender(on(<Page search="b" />))
    expect(server.watched.map(({ isOver }) => isOver)).toEqual([true, false])
    page.unmount()
    expect(server.watched.map(({ isOver }) => isOver)).toEqual([true, true])
  })

  it('sends no query while updates are paused', () => {
    const page = render(on(<Page search="a" />))
    page.rerender(
      <QueryClientProvider client={queries}>
        <Page search="a" />
      </QueryClientProvider>,
    )
    expect(server.watched.map(({ isOver }) => isOver)).toEqual([true])
  })
})

it('a page shows the age of its numbers in seconds, and whether they are current', () => {
  act(() => void vi.advanceTimersByTime(1_000 - (performance.now() % 1_000)))
  render(on(<Age />))
  const shown = () => screen.getByRole('timer').textContent
  const wait = (ms: number) => act(() => void vi.advanceTimersByTime(ms))
  expect(shown()).toBe('none 0 false false')
  server.state = { confirmedAt: performance.now() + 500, dataAsOf: undefined }
  wait(1_000)
  expect(shown()).toBe('live 500 false true')
  wait(4_000)
  expect(shown()).toBe('live 4500 false true')
  wait(1_000)
  expect(shown()).toBe('late 5500 false false')
  server.state = { confirmedAt: performance.now() + 10_000, dataAsOf: 5 }
  wait(1_000)
  expect(shown()).toBe('live 0 true true')
})
