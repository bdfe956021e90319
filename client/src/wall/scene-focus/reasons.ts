import type { BoardRow } from '@stagewatch/shared/contract/board.ts'

export interface ReasonCount {
  /** Undefined: nobody has given one. */
  readonly reason: string | undefined
  readonly count: number
}

/** Why orders wait, the most frequent first, at most `most` lines; orders without a reason are always one of them. */
export function reasonCounts(rows: readonly Pick<BoardRow, 'reason'>[], most: number): ReasonCount[] {
  const counts = new Map<string | undefined, number>()
  for (const { reason } of rows) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const unsaid = counts.get(undefined)
  const said = [...counts]
    .filter(([reason]) => reason !== undefined)
    .map(([reason, count]) => ({ reason, count }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, unsaid === undefined ? most : most - 1)
  return unsaid === undefined ? said : [...said, { reason: undefined, count: unsaid }]
}
