import type { Board } from '@stagewatch/shared/contract/board.ts'
import { useState } from 'react'
import { useBoard } from '../live/live-context.ts'
import { useShownTime, useTick } from '../live/use-shown-time.ts'

/** What was missed during an outage. A long list is sent only in part; then only the two counts are known. */
export type Recovery =
  | { readonly kind: 'new'; readonly count: number }
  | { readonly kind: 'change'; readonly before: number; readonly after: number }

/** `frozenAt`: server time of the frozen picture, epoch ms. */
export function recovery(
  before: Pick<Board, 'kpis'>,
  frozenAt: number,
  after: Pick<Board, 'kpis' | 'overdue'>,
): Recovery {
  const rows = Object.values(after.overdue.rows)
  if (rows.length < after.overdue.total) {
    return { kind: 'change', before: before.kpis.overdue.count, after: after.kpis.overdue.count }
  }
  return { kind: 'new', count: rows.filter(({ dueAt }) => dueAt !== undefined && dueAt > frozenAt).length }
}

// Including `asOf` makes any new board differ from the one before the outage.
const recoveryKeys = ['kpis', 'overdue', 'asOf'] as const
const shownForMs = 30_000

/** For half a minute after an outage: what was missed. */
export function useRecovery(): Recovery | undefined {
  const board = useBoard(recoveryKeys)
  const now = useTick()
  const { freshness, shownNow } = useShownTime()
  const [outage, setOutage] = useState<{ before: Pick<Board, 'kpis'>; frozenAt: number }>()
  const [back, setBack] = useState<{ recovery: Recovery; until: number }>()
  if (freshness === 'lost' && outage === undefined && board !== undefined && shownNow !== undefined) {
    setOutage({ before: board, frozenAt: shownNow })
  }
  // After a reconnect there is nothing to compare until the new snapshot arrives.
  if (freshness === 'live' && outage !== undefined && board !== undefined && board !== outage.before) {
    setOutage(undefined)
    setBack({ recovery: recovery(outage.before, outage.frozenAt, board), until: now + shownForMs })
  }
  return back !== undefined && now < back.until ? back.recovery : undefined
}
