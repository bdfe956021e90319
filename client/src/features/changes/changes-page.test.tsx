import type { z } from 'zod'
import type { changeList } from '@stagewatch/shared/contract/changes.ts'
import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { MeContext } from '../../api/session.ts'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { ChangesPage } from './changes-page.tsx'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const recorded = 120

/** A page of changes as the server sends it: the cursor is the last id of the page before. */
function pageOf(query: URLSearchParams): z.infer<typeof changeList> {
  const before = Number(query.get('cursor') ?? recorded + 1)
  const limit = Number(query.get('limit'))
  const ids = Array.from({ length: Math.min(limit, before - 1) }, (_, i) => before - 1 - i)
  const changes = ids.map((id) => ({
    id,
    changedAt: id,
    actor: { kind: 'person' as const, name: 'ada@example.com', personName: 'Ada' },
    action: 'person.left' as const,
    subject: `person-${id}@example.com`,
    before: null,
    after: null,
  }))
  const last = ids.at(-1) ?? 1
  return { changes, ...(last > 1 && { cursor: String(last) }) }
}

it('the oldest change is reached page by page, and then there is nothing more to load', async () => {
  vi.stubGlobal('fetch', (path: string) => {
    const { pathname, searchParams } = new URL(path, 'http://board')
    return Promise.resolve(Response.json(pathname === '/api/v1/admin/changes' ? pageOf(searchParams) : {}))
  })
  const privacy = { customers: 'shown', amounts: 'shown', people: 'shown' } as const
  const actions = [...actionsOf('administrator', undefined)]
  const root = createRootRoute()
  const page = createRoute({ getParentRoute: () => root, path: '/', component: ChangesPage })
  const router = createRouter({ routeTree: root.addChildren([page]), history: createMemoryHistory() })
  await router.load()
  await renderDesk(
    <MeContext value={{ kind: 'person', name: 'Ada', site: 'east', actions, privacy, sites: [] }}>
      <RouterProvider router={router as never} />
    </MeContext>,
  )
  const shown = () => new Set([...document.body.textContent.matchAll(/person-(\d+)@/g)].map(([, id]) => Number(id)))
  await waitFor(() => expect(shown().size).toBe(50))
  fireEvent.click(screen.getByRole('button', { name: 'Load more' }))
  await waitFor(() => expect(shown().size).toBe(100))
  fireEvent.click(screen.getByRole('button', { name: 'Load more' }))
  await waitFor(() => expect([...shown()]).toEqual(Array.from({ length: recorded }, (_, i) => recorded - i)))
  expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull()
})
