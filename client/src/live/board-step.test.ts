import { diffTrees } from '@stagewatch/shared/domain/board-delta.ts'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { BoardDelta, BoardHeartbeat } from '@stagewatch/shared/contract/socket.ts'
import { describe, expect, it } from 'vitest'
import { compareHeartbeat, stepBoard } from './board-step.ts'
import { listOf, noon, smallBoard } from './testing/small-board.ts'

const later: Board = {
  ...smallBoard(),
  version: 8,
  asOf: noon + 250,
  position: '71',
  overdue: listOf(['SO-1', 'SO-2', 'SO-3']),
  bottleneck: 'packing',
}

function delta(change: Partial<BoardDelta> = {}): BoardDelta {
  const changes = diffTrees({ ...smallBoard(), version: 8, asOf: later.asOf, position: '71' }, later)
  return { board: 'overview', epoch: 'a', from: 7, to: 8, asOf: later.asOf, position: '71', changes, ...change }
}

function heartbeat(change: Partial<BoardHeartbeat> = {}): BoardHeartbeat {
  return { protocol: 1, board: 'overview', epoch: 'a', version: 7, at: noon, sources: {}, build: 'a', ...change }
}

describe('a delta', () => {
  it('that starts at our version leads to the snapshot of its end', () => {
    expect(stepBoard(smallBoard(), delta())).toEqual({ kind: 'applied', board: later })
  })

  it('leaves untouched parts as the same objects', () => {
    const before = smallBoard()
    const step = stepBoard(before, delta())
    expect(step.kind === 'applied' && step.board.stages === before.stages).toBe(true)
  })

  it('has no effect when it is applied a second time', () => {
    expect(stepBoard(later, delta())).toEqual({ kind: 'known' })
  })

  it('that starts after our version is a gap', () => {
    expect(stepBoard(smallBoard(), delta({ from: 8, to: 9 }))).toEqual({ kind: 'gap' })
  })

  it('of another start of the server is a gap, whatever its version', () => {
    expect(stepBoard(smallBoard(), delta({ epoch: 'b' }))).toEqual({ kind: 'gap' })
  })

  it('that leads to something that is no board is a gap', () => {
    const changes = [{ path: ['kpis', 'overdue', 'count'], value: 'many' }]
    expect(stepBoard(smallBoard(), delta({ changes }))).toEqual({ kind: 'gap' })
  })
})

describe('a heartbeat', () => {
  it('with our version finds us current', () => {
    expect(compareHeartbeat(smallBoard(), heartbeat())).toBe('current')
  })

  it('with a higher version finds us behind, which is no gap yet', () => {
    expect(compareHeartbeat(smallBoard(), heartbeat({ version: 8 }))).toBe('ahead')
  })

  it('of another epoch, or with a version we have passed, is a gap', () => {
    expect(compareHeartbeat(smallBoard(), heartbeat({ epoch: 'b' }))).toBe('gap')
    expect(compareHeartbeat(smallBoard(), heartbeat({ version: 6 }))).toBe('gap')
  })
})
