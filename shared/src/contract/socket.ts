import { z } from 'zod'
import { board } from './board.ts'
import type { QueryUnwatch, QueryWatch, QueryWatchAnswer } from './live-query.ts'
import { problemCode } from './problem.ts'
import { screenSelf } from './screen.ts'
import type { ScreenReport, ScreenSelf } from './screen.ts'

/** Increases with every incompatible change of a message below; a client with a lower version reloads itself. */
export const protocolVersion = 3

/**
 * Credentials and site that a client sends when it connects. Without a token it may only read what is open to its
 * machine.
 */
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
  /** Replay the past between two instants (epoch ms, at most a day), at most 600 times as fast. */
  recording: z.strictObject({ from: z.int(), to: z.int(), speed: z.number().min(1).max(600) }).optional(),
})

export const boardJoinAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), snapshot: board }),
  z.object({ ok: z.literal(false), code: problemCode }),
])

/**
 * client → server, from clients that joined with `confirms`, after the answer and after each `board:delta`:
 * `board:seen`, the version that it shows. Until it confirms, it is sent nothing more for that board; then it is sent
 * one delta from that version to the newest. A client that does not confirm is sent every delta, as long as its
 * connection keeps up.
 */
export const boardSeen = z.object({ board: z.string().max(100), epoch: z.string().max(64), version: z.int() })

/** One node of the snapshot that has changed; without `value` it is removed. */
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

/** server → client every 2 s: `board:pulse`. Screens detect by its absence that they are disconnected. */
export const boardHeartbeat = z.object({
  protocol: z.int(),
  board: z.string(),
  epoch: z.string(),
  version: z.int(),
  /** Server time, epoch ms. */
  at: z.int(),
  /** Set while the server is cut off from its database, see `board`. */
  dataAsOf: z.int().optional(),
  /** Set while the server is overloaded: boards are sent at this interval, ms, which is longer than usual. */
  reducedMs: z.int().optional(),
  /** The server's clock was adjusted within the last day, by this amount; negative: set back. */
  clockStep: z.object({ at: z.int(), byMs: z.int() }).optional(),
  /** Time since each source's last event, ms. */
  sources: z.record(z.string(), z.int()),
  /** The client build that the server currently serves. */
  build: z.string(),
})

/**
 * server → client: `board:problem`, the displayed board may be wrong and is no longer updated; the client joins again
 * later.
 */
export const boardProblem = z.object({ board: z.string(), code: problemCode })

/** server → client: `screen:self`, when somebody has changed the screen. */
export const screenChanged = screenSelf
/**
 * server → client: `screen:token`, a new token that replaces the one in use. The old one stays valid until the new one
 * is used five minutes later, when the screen has written it to its disk.
 */
export const screenToken = z.object({ token: z.string().min(20).max(200) })
/** server → client: `screen:identify`, show the name in large letters for this duration. */
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
  /** The screen's pairing was revoked: it discards its token and shows a pairing code. */
  'screen:revoked': () => void
}

export interface ClientToServer {
  'board:join': (join: BoardJoin, answer: (answer: BoardJoinAnswer) => void) => void
  'board:seen': (seen: BoardSeen) => void
  'query:watch': (watch: QueryWatch, answer: (answer: QueryWatchAnswer) => void) => void
  'query:unwatch': (unwatch: QueryUnwatch) => void
  'screen:report': (report: ScreenReport) => void
}
