import type { deadJobList } from '@stagewatch/shared/contract/dead-jobs.ts'
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { z } from 'zod'
import { MeContext } from '../../api/session.ts'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { DeadJobs } from './dead-jobs.tsx'

const now = Date.UTC(2026, 10, 27, 12)
const hourMs = 3_600_000

const list: z.infer<typeof deadJobList> = {
  asOf: now,
  jobs: [
    { id: 31, queue: 'messages', diedAt: now - 2 * hourMs, attempts: 4, error: 'the channel is switched off' },
    { id: 17, queue: 'order-news', diedAt: now - 5 * hourMs, attempts: 1_000 },
  ],
  total: 2,
}

let sent: { path: string; body: unknown }[] = []

beforeEach(() => {
  sent = []
  vi.stubGlobal('fetch', (path: string, { method = 'GET', body }: { method?: string; body?: string | null }) => {
    if (method === 'GET') return Promise.resolve(Response.json(list))
    sent.push({ path, body: JSON.parse(body ?? '') as unknown })
    return Promise.resolve(Response.json({ settled: 1 }))
  })
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const privacy = { customers: 'shown', amounts: 'shown', people: 'shown' } as const

const renderJobs = () =>
  renderDesk(
    <MeContext value={{ kind: 'person', name: 'Ada', site: 'east', actions: ['site.manage'], privacy, sites: [] }}>
      <DeadJobs />
    </MeContext>,
  )

it('failed jobs are shown with their queue, reason and number of attempts', async () => {
  await renderJobs()
  const [, message, news] = await screen.findAllByRole('row')
  expect(message?.textContent).toMatch(/Sending messages.*2 h.*the channel is switched off.*4/)
  expect(news?.textContent).toMatch(/followed orders.*5 h.*look in the server’s log.*1,000/)
})

it('a job is tried again at once, and dismissed after a question', async () => {
  await renderJobs()
  const [, message, news] = await screen.findAllByRole('row')
  fireEvent.click(within(message!).getByRole('button', { name: /^Try again/ }))
  await waitFor(() => expect(sent).toHaveLength(1))
  fireEvent.click(within(news!).getByRole('button', { name: /^Dismiss/ }))
  expect(within(news!).getByRole('group').textContent).toContain('1 job is deleted and never done.')
  await waitFor(() =>
    fireEvent.click(within(within(news!).getByRole('group')).getByRole('button', { name: 'Dismiss' })),
  )
  await waitFor(() => expect(sent).toHaveLength(2))
  expect(sent).toMatchObject([
    { path: expect.stringContaining('/api/v1/admin/dead-jobs/retry') as string, body: { ids: [31] } },
    { path: expect.stringContaining('/api/v1/admin/dead-jobs/dismiss') as string, body: { ids: [17] } },
  ])
})

it('all of them are settled at a time', async () => {
  await renderJobs()
  fireEvent.click(await screen.findByRole('button', { name: 'Try 2 again' }))
  await waitFor(() => expect(sent).toMatchObject([{ body: { ids: [31, 17] } }]))
})
