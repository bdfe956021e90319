import { useQueryClient } from '@tanstack/react-query'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { useState, type ReactNode } from 'react'
import { cachedBoard } from '../live/board-query.ts'
import { useBoard, useLive } from '../live/live-context.ts'
import { PanelErrorBoundary } from './panel-error-boundary.tsx'

interface PanelProps<Key extends keyof Board> {
  /** Grid area in the scene. */
  readonly area: string
  /** The parts of the board that the panel shows. */
  readonly keys: readonly Key[]
  readonly renderPanel: (board: Pick<Board, Key>) => ReactNode
}

/** One panel of a scene. It re-renders when its part of the board changes, or after a failure. */
export function Panel<Key extends keyof Board>({ area, keys, renderPanel }: PanelProps<Key>) {
  const { boardId } = useLive()
  const queries = useQueryClient()
  const [failed, setFailed] = useState(false)
  const board = useBoard<Key | 'version'>(failed ? [...keys, 'version'] : keys)
  if (board === undefined) return null
  return (
    <PanelErrorBoundary<Pick<Board, Key>>
      board={board}
      area={area}
      renderPanel={renderPanel}
      readMoment={() => {
        const { asOf = 0, site } = cachedBoard(queries, boardId) ?? {}
        return { asOf, timeZone: site?.timeZone ?? 'UTC' }
      }}
      onFailedChange={setFailed}
    />
  )
}
