import { board as boardSchema, type Board } from '@stagewatch/shared/contract/board.ts'
import type { BoardDelta, BoardHeartbeat } from '@stagewatch/shared/contract/socket.ts'
import { applyChanges } from '@stagewatch/shared/domain/board-delta.ts'

export type BoardStep =
  | { readonly kind: 'applied'; readonly board: Board }
  /** The cached snapshot already contains this delta. */
  | { readonly kind: 'known' }
  /** The delta does not follow from the cached board; a new snapshot is needed. */
  | { readonly kind: 'gap' }

/** Applies a delta to the board, if the delta starts at the board's version. */
export function stepBoard(current: Board, delta: BoardDelta): BoardStep {
  if (delta.epoch !== current.epoch) return { kind: 'gap' }
  if (delta.to <= current.version) return { kind: 'known' }
  if (delta.from !== current.version) return { kind: 'gap' }
  const { to: version, asOf, position } = delta
  const next = { ...applyChanges(current, delta.changes.map(asChange)), version, asOf, position }
  // Validated, but not replaced by the parsed copy, so that unchanged parts keep their identity.
  return boardSchema.safeParse(next).success ? { kind: 'applied', board: next } : { kind: 'gap' }
}

function asChange({ path, value }: BoardDelta['changes'][number]) {
  return value === undefined ? { path } : { path, value }
}

/**
 * Compares a heartbeat with the cached board. `ahead` is not a gap yet, because the delta may still be queued on the
 * server. It becomes one if the next heartbeat still finds the client behind.
 */
export function compareHeartbeat(current: Board, heartbeat: BoardHeartbeat): 'current' | 'ahead' | 'gap' {
  if (heartbeat.epoch !== current.epoch || heartbeat.version < current.version) return 'gap'
  return heartbeat.version === current.version ? 'current' : 'ahead'
}
