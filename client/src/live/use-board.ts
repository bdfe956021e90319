import { useQuery } from '@tanstack/react-query'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { pick } from './board-query.ts'
import { useLive } from './live-context.ts'

/** The given parts of the board; undefined until there is one. The caller re-renders only when one of them changes. */
export function useBoard<Key extends keyof Board>(keys: readonly Key[]): Pick<Board, Key> | undefined {
  return useQuery({ ...useLive().query, select: (board) => pick(board, keys) }).data
}
