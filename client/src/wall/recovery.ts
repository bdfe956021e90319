import type { Board } from '@stagewatch/shared/contract/board.ts'

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
