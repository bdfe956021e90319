import { z } from 'zod'
import { board } from './board.ts'
import { problemCode } from './problem.ts'

/** Rises with every incompatible change of a message below; a client that knows a lower one reloads itself. */
export const protocolVersion = 2

/** What a client offers when it connects. Without a token it may only read what is open to this machine. */
export const handshake = z.object({
  token: z.string().max(200).optional(),
  site: z.string().max(64).optional(),
})

/** client → server, with an acknowledgement: `board:join`. */
export const boardJoin = z.object({ board: z.string().max(100), version: z.int().optional() })

export const boardJoinAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), snapshot: board }),
  z.object({ ok: z.literal(false), code: problemCode }),
])

/** One place of the snapshot that is different now; without `value` it is gone. */
const boardChange = z.object({ path: z.array(z.string()), value: z.unknown().optional() })

/** server → client: `board:delta`, from one version to the next of the same epoch. */
export const boardDelta = z.object({
  board: z.string(),
  epoch: z.string(),
  from: z.int(),
  to: z.int(),
  asOf: z.int(),
  position: z.string(),
  changes: z.array(boardChange),
})

/** server → client every 2 s: `board:pulse`. Its absence is how a screen knows that it is cut off. */
export const boardPulse = z.object({
  protocol: z.int(),
  board: z.string(),
  epoch: z.string(),
  version: z.int(),
  /** Server time, epoch ms. */
  at: z.int(),
  /** Age of each source's last word, ms. */
  sources: z.record(z.string(), z.int()),
})

export type BoardJoin = z.infer<typeof boardJoin>
export type BoardJoinAnswer = z.infer<typeof boardJoinAnswer>
export type BoardDelta = z.infer<typeof boardDelta>
export type BoardPulse = z.infer<typeof boardPulse>

export interface ServerToClient {
  'board:delta': (delta: BoardDelta) => void
  'board:pulse': (pulse: BoardPulse) => void
}

export interface ClientToServer {
  'board:join': (join: BoardJoin, answer: (answer: BoardJoinAnswer) => void) => void
}
