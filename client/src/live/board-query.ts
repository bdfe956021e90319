import { skipToken, useQuery } from '@tanstack/react-query'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { useLive } from './live-context.ts'

export function boardKey(boardId: string) {
  return ['board', boardId] as const
}

/** The board as the channel keeps it; undefined until the first snapshot. */
export function useBoard(): Board | undefined {
  const { boardId } = useLive()
  return useQuery<Board>({ queryKey: boardKey(boardId), queryFn: skipToken }).data
}
