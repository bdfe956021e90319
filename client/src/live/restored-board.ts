import { board, type Board } from '@stagewatch/shared/contract/board.ts'
import { z } from 'zod'

const keptBoard = z.object({
  /** Site named by the address or the pairing. If omitted, the server's default site. */
  site: z.string().optional(),
  board,
  /** Device clock and server clock when it was stored, epoch ms. */
  keptAt: z.int(),
  serverNow: z.int(),
  /** Age of the numbers at that time, ms. */
  ageMs: z.number().min(0),
})

export type KeptBoard = z.infer<typeof keptBoard>

export interface RestoredBoard {
  readonly board: Board
  readonly ageMs: number
  /** Epoch ms. */
  readonly serverNow: number
}

/** After a longer absence, the stored board is too old to show. */
const maxAwayMs = 600_000

/** The board that a page stored before a reload, if it belongs to the same wall and is recent enough. */
export function restoredBoard(
  text: string | null,
  { site, boardId }: { readonly site: string | undefined; readonly boardId: string },
  deviceNow: number,
): RestoredBoard | undefined {
  const kept = keptBoard.safeParse(fromJson(text)).data
  if (kept === undefined || kept.site !== site || kept.board.board !== boardId) return undefined
  const awayMs = deviceNow - kept.keptAt
  if (awayMs < 0 || awayMs > maxAwayMs) return undefined
  return { board: kept.board, ageMs: kept.ageMs + awayMs, serverNow: kept.serverNow + awayMs }
}

function fromJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return undefined
  }
}
