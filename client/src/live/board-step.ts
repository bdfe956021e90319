import { board as boardSchema, type Board } from '@stagewatch/shared/contract/board.ts'
import type { BoardDelta, BoardHeartbeat } from '@stagewatch/shared/contract/socket.ts'
import { applyChanges } from '@stagewatch/shared/domain/board-delta.ts'

export type BoardStep =
  | { readonly kind: 'applied'; readonly board: Board }
  /** It says nothing new: the snapshot that we have already contains it. */
  | { readonly kind: 'known' }
  /** It does not follow from what we have: only a snapshot helps. */
  | { readonly kind: 'gap' }

/** The board after a delta, if the delta starts where the board is. */
export function stepBoard(current: Board, delta: BoardDelta): BoardStep {
  if (delta.epoch !== current.epoch) return { kind: 'gap' }
  if (delta.to <= current.version) return { kind: 'known' }
  if (delta.from !== current.version) return { kind: 'gap' }
  const { to: version, asOf, position } = delta
  const next = { ...applyChanges(current, delta.changes.map(asChange)), version, asOf, position }
  // Only checked, not replaced by the parsed copy: what did not change keeps its identity.
  return boardSchema.safeParse(next).success ? { kind: 'applied', board: next } : { kind: 'gap' }
}

function asChange({ path, value }: BoardDelta['changes'][number]) {
  return value === undefined ? { path } : { path, value }
}

/**
 * What a heartbeat says of the board that we have. `ahead` is no gap yet: the delta may be waiting for its turn on the
 * server; it is one when the next heartbeat still finds us behind.
 */
export function compareHeartbeat(current: Board, heartbeat: BoardHeartbeat): 'current' | 'ahead' | 'gap' {
  if (heartbeat.epoch !== current.epoch || heartbeat.version < current.version) return 'gap'
  return heartbeat.version === current.version ? 'current' : 'ahead'
}
