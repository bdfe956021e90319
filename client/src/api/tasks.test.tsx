import type { TaskBoard } from '@stagewatch/shared/contract/tasks.ts'
import { QueryClient } from '@tanstack/react-query'
import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { asLead } from '../components/testing/as-lead.tsx'
import { taskBoardQuery, useMoveTask } from './tasks.ts'

const empty = { count: 0, ids: [] }
/** Tasks 1 and 2 are unclaimed, task 3 is in progress; the columns count cards that are not listed as well. */
const board = {
  columns: {
    unclaimed: { count: 12, ids: [1, 2] },
    inProgress: { count: 1, ids: [3] },
    waiting: empty,
    toVerify: empty,
    closed: empty,
  },
  tasks: Object.fromEntries(
    [1, 2, 3].map((id) => [id, { id, state: id === 3 ? 'inProgress' : 'unclaimed', revision: 5, isOwnWork: false }]),
  ),
} as unknown as TaskBoard

let queries: QueryClient
const { queryKey } = taskBoardQuery('east', 'mine=true')
const shown = () => queries.getQueryData(queryKey)

beforeEach(() => {
  queries = new QueryClient()
  queries.setQueryData(queryKey, board)
  // The server does not answer: what is shown is what the page expects.
  vi.stubGlobal('fetch', () => new Promise(() => undefined))
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

async function move(id: number, to?: 'inProgress' | 'toVerify' | 'unclaimed'): Promise<void> {
  const { result } = renderHook(useMoveTask, { wrapper: asLead(queries) })
  await act(async () => result.current.mutate({ id, revision: 5, do: { kind: 'claim' }, ...(to && { to }) }))
  await waitFor(() => expect(result.current.isPending).toBe(true))
}

test('a task that is moved is at the top of its new column before the server has answered', async () => {
  await move(2, 'inProgress')
  expect(shown()).toEqual({
    ...board,
    columns: {
      ...board.columns,
      unclaimed: { count: 11, ids: [1] },
      inProgress: { count: 2, ids: [2, 3] },
    },
    tasks: { ...board.tasks, 2: { id: 2, state: 'inProgress', revision: 6, isOwnWork: false } },
  })
})

test('a task that is submitted is the own work of whoever submits it', async () => {
  await move(3, 'toVerify')
  expect(shown()?.tasks[3]).toMatchObject({ state: 'toVerify', isOwnWork: true })
})

test.each([
  ['stays in its column', 1, 'unclaimed'],
  ['has no target column', 1, undefined],
  ['is on no list', 4, 'inProgress'],
] as const)('a board does not change for a task that %s', async (_, id, to) => {
  await move(id, to)
  expect(shown()).toEqual(board)
})
