import type { ErasurePreview } from '@stagewatch/shared/contract/erasures.ts'
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { MeContext } from '../../api/session.ts'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { ErasureForm } from './erasure-form.tsx'

const pages: readonly ErasurePreview[] = [
  { events: 40, rows: 3, archives: { events: 1_000, rows: 1, searched: 50, left: 70, next: 61 } },
  { events: 0, rows: 0, archives: { events: 200, rows: 0, searched: 50, left: 20, next: 118 } },
  { events: 0, rows: 0, archives: { events: 30, rows: 1, searched: 20, left: 0 } },
]
let answered: PromiseWithResolvers<void>[] = []
let sent: unknown[] = []

beforeEach(() => {
  sent = []
  answered = pages.map(() => Promise.withResolvers<void>())
  vi.stubGlobal('fetch', async (_path: string, { body }: { body?: string | null }) => {
    const index = sent.push(JSON.parse(body ?? '')) - 1
    await answered[index]?.promise
    return Response.json(pages[index])
  })
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const privacy = { customers: 'shown', amounts: 'shown', people: 'shown' } as const

it('a name is looked for in all archives, some at a time, with the progress, and found in both places', async () => {
  await renderDesk(
    <MeContext value={{ kind: 'person', name: 'Ada', site: 'east', actions: ['site.manage'], privacy, sites: [] }}>
      <ErasureForm />
    </MeContext>,
  )
  fireEvent.change(screen.getByLabelText(/^Name/), { target: { value: '联合贸易' } })
  fireEvent.change(screen.getByLabelText(/^Reason/), { target: { value: 'request 17' } })
  fireEvent.click(screen.getByRole('button', { name: 'Look for the name' }))
  await waitFor(() => expect(sent).toEqual([{ name: '联合贸易' }]))
  expect(screen.queryByRole('progressbar')).toBeNull()

  answered[0]?.resolve()
  const progress = await screen.findByRole('progressbar', { name: 'Looking through the archives' })
  expect((progress as HTMLProgressElement).value).toBeCloseTo(50 / 120)
  answered[1]?.resolve()
  await waitFor(() => expect((progress as HTMLProgressElement).value).toBeCloseTo(100 / 120))
  expect(screen.queryByRole('status')).toBeNull()
  answered[2]?.resolve()

  const { textContent } = await screen.findByRole('status')
  expect(textContent).toContain('1,270 events')
  expect(textContent).toContain('5 other entries')
  expect(textContent).toContain('1,230 of the events are in archives.')
  expect(screen.queryByRole('progressbar')).toBeNull()
  expect(sent).toEqual([
    { name: '联合贸易' },
    { name: '联合贸易', archivesAfter: 61 },
    { name: '联合贸易', archivesAfter: 118 },
  ])
  expect(screen.getByRole('button', { name: /^Remove for ever/ })).toBeDefined()
})
