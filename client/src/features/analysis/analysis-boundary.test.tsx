import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { AnalysisBoundary } from './analysis-boundary.tsx'
import { analysisQuery, useAnalysis } from './api.ts'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

/** Stubs streaming responses and records which requests were aborted. */
function stubAnswers() {
  const asked: { readonly tell: (line: object) => void; readonly end: () => void; readonly signal: AbortSignal }[] = []
  vi.stubGlobal('fetch', (_: string, { signal }: { readonly signal: AbortSignal }) => {
    const encoder = new TextEncoder()
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        asked.push({
          tell: (line) => controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`)),
          end: () => controller.close(),
          signal,
        })
        signal.addEventListener('abort', () => controller.error(signal.reason))
      },
    })
    return Promise.resolve(new Response(body))
  })
  return asked
}

function Part() {
  const analysis = useAnalysis(analysisQuery('main', 'test', z.object({ orders: z.number() }), {}))
  return <AnalysisBoundary analysis={analysis}>{({ orders }) => <p>{orders} orders</p>}</AnalysisBoundary>
}

it('shows the progress of a slow query, cancels it on request, and runs it again', async () => {
  const asked = stubAnswers()
  await renderDesk(<Part />)
  await waitFor(() => expect(asked).toHaveLength(1))
  expect(screen.queryByRole('progressbar')).toBeNull()
  asked[0]!.tell({ progress: { done: 1, total: 4 } })
  expect((await screen.findByRole('progressbar')).getAttribute('value')).toBe('0.25')
  screen.getByText('25% done')
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  await screen.findByText('Cancelled')
  expect(asked[0]!.signal.aborted).toBe(true)
  fireEvent.click(screen.getByRole('button', { name: 'Ask again' }))
  await waitFor(() => expect(asked).toHaveLength(2))
  asked[1]!.tell({ progress: { done: 0, total: 0 } })
  expect((await screen.findByRole('progressbar')).hasAttribute('value')).toBe(false)
  asked[1]!.tell({ result: { orders: 7 } })
  await screen.findByText('7 orders')
  expect(screen.queryByRole('progressbar')).toBeNull()
})

it('shows an error that occurs after the response has started', async () => {
  const asked = stubAnswers()
  await renderDesk(<Part />)
  await waitFor(() => expect(asked).toHaveLength(1))
  asked[0]!.tell({ progress: { done: 0, total: 4 } })
  asked[0]!.tell({ problem: { code: 'internal', message: 'a disk is gone' } })
  await screen.findByRole('alert')
  expect(screen.queryByRole('progressbar')).toBeNull()
})
