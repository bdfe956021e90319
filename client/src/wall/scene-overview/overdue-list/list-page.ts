import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { WallLayout } from '../../wall-layout.ts'

export interface ListPage {
  /** Number of overdue orders on the pages before this one. */
  readonly before: number
  readonly overdue: readonly string[]
  /** Upcoming orders that fill the rest of a page. */
  readonly upcoming: readonly string[]
}

type Lists = Pick<Board, 'overdue' | 'upcoming'>

/** The content of the list at a turn. `besides` is shown elsewhere on the screen and takes no row here. */
export function listPage(
  { overdue, upcoming }: Lists,
  turn: number,
  pageSize: number,
  besides: string | undefined,
): ListPage {
  const orders = overdue.order.filter((order) => order !== besides)
  const pageCount = Math.max(1, Math.ceil(orders.length / pageSize))
  const before = pageAt(turn, pageCount) * pageSize
  const shown = orders.slice(before, before + pageSize)
  const isCalm = overdue.total < pageSize
  return { before, overdue: shown, upcoming: isCalm ? upcoming.order.slice(0, pageSize) : [] }
}

/** The page with the worst orders is shown every second turn; the other pages share the turns between. */
export function pageAt(turn: number, pageCount: number): number {
  if (turn % 2 === 0 || pageCount === 1) return 0
  return 1 + (((turn - 1) / 2) % (pageCount - 1))
}

/** Height of everything above and below the list within its scene, including the wall's margins. */
const outside = { wide: 336, tall: 336, ultra: 136, portrait: 1280 }
/** Panel header, and its footer for the newest breach. */
const besidesRows = 204
const rowHeight = 90

/** Number of rows on a page of the list. */
export function listRoom({ kind, height }: WallLayout): number {
  const rows = Math.max(2, Math.floor((height - outside[kind] - besidesRows) / rowHeight))
  return kind === 'ultra' ? rows * 2 : rows
}
