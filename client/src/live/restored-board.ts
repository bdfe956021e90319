import { board, type Board } from '@stagewatch/shared/contract/board.ts'
import { z } from 'zod'

const keptBoard = z.object({
  /** As the address or the pairing names it; left out: the server's default site. */
  site: z.string().optional(),
  board,
  /** Device clock when it was kept, and server clock at the same moment, epoch ms. */
  keptAt: z.int(),
  serverNow: z.int(),
  /** Age of the numbers then, ms. */
  ageMs: z.number().min(0),
})

export type KeptBoard = z.infer<typeof keptBoard>

export interface RestoredBoard {
  readonly board: Board
  readonly ageMs: number
  /** Epoch ms. */
  readonly serverNow: number
}

/** A page that was away for longer has nothing to show that anybody should see. */
const longestAwayMs = 600_000

/** The board that a page kept before it was loaded anew, if it is of the same wall and not long ago. */
export function restoredBoard(
  text: string | null,
  { site, boardId }: { readonly site: string | undefined; readonly boardId: string },
  deviceNow: number,
): RestoredBoard | undefined {
  const kept = keptBoard.safeParse(fromJson(text)).data
  if (kept === undefined || kept.site !== site || kept.board.board !== boardId) return undefined
  const awayMs = deviceNow - kept.keptAt
  if (awayMs < 0 || awayMs > longestAwayMs) return undefined
  return { board: kept.board, ageMs: kept.ageMs + awayMs, serverNow: kept.serverNow + awayMs }
}

function fromJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return undefined
  }
}
