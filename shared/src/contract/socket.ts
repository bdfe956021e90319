import { z } from 'zod'
import { board } from './board.ts'
import type { QueryUnwatch, QueryWatch, QueryWatchAnswer } from './live-query.ts'
import { problemCode } from './problem.ts'
import { screenSelf } from './screen.ts'
import type { ScreenReport, ScreenSelf } from './screen.ts'

/** Rises with every incompatible change of a message below; a client that knows a lower one reloads itself. */
export const protocolVersion = 3

/** What a client offers when it connects. Without a token it may only read what is open to this machine. */
export const handshake = z.object({
  token: z.string().max(200).optional(),
  site: z.string().max(64).optional(),
})

/**
 * client → server, with an acknowledgement: `board:join`.
 * @see boardSeen for `confirms`.
 */
export const boardJoin = z.object({
  board: z.string().max(100),
  version: z.int().optional(),
  confirms: z.boolean().optional(),
  /** Show the past again, from one instant to another (epoch ms, at most a day), at most 600 times as fast. */
  recording: z.strictObject({ from: z.int(), to: z.int(), speed: z.number().min(1).max(600) }).optional(),
})

export const boardJoinAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), snapshot: board }),
  z.object({ ok: z.literal(false), code: problemCode }),
])

/**
 * client → server, from one that joined with `confirms`, after the answer and after each `board:delta`: `board:seen`,
 * what it shows now. Until it has said so it is sent nothing more of that board; then one delta that leads from there
 * to what is newest. A client that does not confirm is sent every delta as long as its line takes them.
 */
export const boardSeen = z.object({ board: z.string().max(100), epoch: z.string().max(64), version: z.int() })

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
export const boardHeartbeat = z.object({
  protocol: z.int(),
  board: z.string(),
  epoch: z.string(),
  version: z.int(),
  /** Server time, epoch ms. */
  at: z.int(),
  /** The server is cut off from its database, see `board`. */
  dataAsOf: z.int().optional(),
  /** The server's clock was set within the last day, by so much; negative: back. */
  clockStep: z.object({ at: z.int(), byMs: z.int() }).optional(),
  /** Age of each source's last word, ms. */
  sources: z.record(z.string(), z.int()),
  /** Build of the client that the server would serve now. */
  build: z.string(),
})

/**
 * server → client: `board:problem`, what is shown of the board may be wrong and nothing more comes of it; the client
 * joins again later.
 */
export const boardProblem = z.object({ board: z.string(), code: problemCode })

/** server → client: `screen:self`, when somebody has changed the screen. */
export const screenChanged = screenSelf
/**
 * server → client: `screen:token`, a new token in place of the one in use. The old one holds until the new one has
 * been used once.
 */
export const screenToken = z.object({ token: z.string().min(20).max(200) })
/** server → client: `screen:identify`, show the name large for so long. */
export const screenIdentify = z.object({ name: z.string(), forMs: z.int().positive() })
export type BoardJoin = z.infer<typeof boardJoin>
export type BoardJoinAnswer = z.infer<typeof boardJoinAnswer>
export type BoardDelta = z.infer<typeof boardDelta>
export type BoardHeartbeat = z.infer<typeof boardHeartbeat>
export type BoardProblem = z.infer<typeof boardProblem>

export type BoardSeen = z.infer<typeof boardSeen>

export interface ServerToClient {
  'board:delta': (delta: BoardDelta) => void
  'board:pulse': (heartbeat: BoardHeartbeat) => void
  'board:problem': (problem: BoardProblem) => void
  'screen:self': (self: ScreenSelf) => void
  'screen:token': (token: z.infer<typeof screenToken>) => void
  'screen:identify': (identify: z.infer<typeof screenIdentify>) => void
  'screen:reload': () => void
  /** The screen is no longer one: it forgets its token and shows a pairing code. */
  'screen:revoked': () => void
}

export interface ClientToServer {
  'board:join': (join: BoardJoin, answer: (answer: BoardJoinAnswer) => void) => void
  'board:seen': (seen: BoardSeen) => void
  'query:watch': (watch: QueryWatch, answer: (answer: QueryWatchAnswer) => void) => void
  'query:unwatch': (unwatch: QueryUnwatch) => void
  'screen:report': (report: ScreenReport) => void
}
