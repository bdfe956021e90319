import {
  taskBoard,
  taskDetail,
  taskDone,
  taskTargets,
  type TaskBoard,
  type TaskMoveRequest,
  type TaskRequest,
} from '@stagewatch/shared/contract/tasks.ts'
import type { LiveTree } from '@stagewatch/shared/contract/live-query.ts'
import type { TaskState } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { request } from './request.ts'
import { useMe } from './session.ts'

/** Refetch interval of an open task; the board itself is updated over the socket. */
const refetchEveryMs = 15_000

/** The board for a query string; the socket keeps it up to date. */
export const taskBoardQuery = (site: string, question: string) =>
  queryOptions({
    queryKey: ['tasks', site, 'board', question],
    queryFn: ({ signal }) => request({ path: `/api/v1/tasks?${question}`, response: taskBoard, site, signal }),
    placeholderData: keepPreviousData,
  })

/** Needs no validation, because server and client share the schema. */
export function toTaskBoard(tree: LiveTree): TaskBoard {
  return tree as TaskBoard
}

export const taskQuery = (site: string, id: number) =>
  queryOptions({
    queryKey: ['tasks', site, 'one', id],
    queryFn: ({ signal }) => request({ path: `/api/v1/tasks/${id}`, response: taskDetail, site, signal }),
    refetchInterval: refetchEveryMs,
  })

/** People and departments that a task can be given to. */
export const taskTargetsQuery = (site: string, id: number) =>
  queryOptions({
    queryKey: ['tasks', site, 'targets', id],
    queryFn: ({ signal }) => request({ path: `/api/v1/tasks/${id}/targets`, response: taskTargets, site, signal }),
  })

interface TaskMoving {
  readonly id: number
  readonly revision: number
  readonly do: TaskMoveRequest
  /** Target column, shown optimistically. Left out if the column does not change. */
  readonly to?: TaskState
}

/** Moves a task optimistically, and refetches it when the server has answered. */
export function useMoveTask() {
  const { site } = useMe()
  const queries = useQueryClient()
  const boards = { queryKey: ['tasks', site, 'board'] }
  return useMutation({
    mutationFn: ({ id, revision, do: move }: TaskMoving) =>
      request({
        path: `/api/v1/tasks/${id}/moves`,
        method: 'POST',
        body: { revision, do: move },
        response: taskDone,
        site,
      }),
    onMutate: async ({ id, to }) => {
      if (to === undefined) return
      await queries.cancelQueries(boards)
      queries.setQueriesData<TaskBoard>(boards, (board) => board && withTaskIn(board, id, to))
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['tasks', site] }),
  })
}

/** The board with a task at the top of another column, as it will be once the server has accepted the move. */
function withTaskIn(board: TaskBoard, id: number, to: TaskState): TaskBoard {
  const task = board.tasks[String(id)]
  if (task === undefined || task.state === to) return board
  const [from, target] = [board.columns[task.state], board.columns[to]]
  return {
    ...board,
    tasks: {
      ...board.tasks,
      [String(id)]: { ...task, state: to, revision: task.revision + 1, isOwnWork: to === 'toVerify' },
    },
    columns: {
      ...board.columns,
      [task.state]: { count: from.count - 1, ids: from.ids.filter((one) => one !== id) },
      [to]: { count: target.count + 1, ids: [id, ...target.ids] },
    },
  }
}

export function useCreateTask() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: TaskRequest) =>
      request({ path: '/api/v1/tasks', method: 'POST', body, response: taskDone, site }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['tasks', site] }),
  })
}
