import { useState } from 'react'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { useBoard } from '../live/use-board.ts'
import { useShownTime, useTick } from '../live/use-shown-time.ts'
import { recovery, type Recovery } from './recovery.ts'

// With `asOf`, any board is another one than that of the cut.
const recoveryKeys = ['kpis', 'overdue', 'asOf'] as const
const shownForMs = 30_000

/** For half a minute after a cut: what it has hidden. */
export function useRecovery(): Recovery | undefined {
  const board = useBoard(recoveryKeys)
  const now = useTick()
  const { freshness, shownNow } = useShownTime()
  const [cut, setCut] = useState<{ before: Pick<Board, 'kpis'>; frozenAt: number }>()
  const [back, setBack] = useState<{ recovery: Recovery; until: number }>()
  if (freshness === 'lost' && cut === undefined && board !== undefined && shownNow !== undefined) {
    setCut({ before: board, frozenAt: shownNow })
  }
  // A line that comes back brings a new snapshot; until it is here there is nothing to compare.
  if (freshness === 'live' && cut !== undefined && board !== undefined && board !== cut.before) {
    setCut(undefined)
    setBack({ recovery: recovery(cut.before, cut.frozenAt, board), until: now + shownForMs })
  }
  return back !== undefined && now < back.until ? back.recovery : undefined
}
