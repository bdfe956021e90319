import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { applyChanges } from '@stagewatch/shared/domain/board-delta.ts'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../clock/virtual-clock.ts'
import { LiveEngine } from '../engine/live-engine.ts'
import { BoardPublisher } from './board-publisher.ts'
import { boardOf } from './testing/board-of.ts'

const beginAt = Date.parse('2026-11-20T09:13:00+08:00')

/** A publisher of a board on which one number, the position, the day's trend and the time differ. */
class Screen {
  readonly clock = new VirtualClock(beginAt)
  readonly sent: { readonly at: number; readonly delta: BoardDelta }[] = []
  readonly #numbers = boardOf(new LiveEngine('Asia/Shanghai'), 'default', beginAt)
  readonly publisher = new BoardPublisher({
    board: 'overview',
    build: (now) => ({
      ...this.#numbers,
      asOf: now,
      position: String(this.count),
      kpis: { ...this.#numbers.kpis, stalled: { count: this.count } },
    }),
    clock: this.clock,
    send: (delta) => this.sent.push({ at: this.clock.now(), delta }),
  })
  count = 0

  change(): void {
    this.count += 1
    this.publisher.touch()
  }

  wait(ms: number): void {
    this.clock.advanceTo(this.clock.now() + ms)
  }
}

/** What a viewer shows who had the snapshot and applied every delta. */
function shown(snapshot: Board, deltas: readonly BoardDelta[]): Board {
  return deltas
    .filter((delta) => delta.from >= snapshot.version)
    .reduce((board, { changes, from, to, asOf, position }) => {
      expect(from).toBe(board.version)
      return { ...applyChanges(board, changes), version: to, asOf, position }
    }, snapshot)
}

const action = fc.oneof(
  fc.constant('change' as const),
  fc.constant('look' as const),
  fc.oneof(fc.nat(120), fc.constant(250), fc.nat(600)),
)

describe('board publisher', () => {
  it('sends a change at once when nothing was sent lately, and later ones together', () => {
    const screen = new Screen()
    screen.publisher.snapshot()
    screen.wait(1000)
    screen.change()
    screen.wait(0)
    for (let i = 0; i < 20; i++) {
      screen.change()
      screen.wait(10)
    }
    screen.wait(50)
    expect(screen.sent.map(({ at, delta }) => [at - beginAt, delta.from, delta.to, delta.changes])).toEqual([
      [1000, 1, 2, [{ path: ['kpis', 'stalled', 'count'], value: 1 }]],
      [1250, 2, 3, [{ path: ['kpis', 'stalled', 'count'], value: 21 }]],
    ])
  })

  it('sends nothing when nothing has changed', () => {
    const screen = new Screen()
    screen.publisher.snapshot()
    screen.wait(1000)
    screen.publisher.touch()
    screen.wait(1000)
    expect(screen.sent).toEqual([])
  })

  it('leads from any snapshot to the board of now, with at most four deltas a second', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const screen = new Screen()
        const snapshots = [screen.publisher.snapshot()]
        for (const step of actions) {
          if (step === 'change') screen.change()
          else if (step === 'look') snapshots.push(screen.publisher.snapshot())
          else screen.wait(step)
        }
        screen.wait(250)
        const now = screen.publisher.snapshot()
        expect(now.kpis.stalled.count).toBe(screen.count)
        const deltas = screen.sent.map(({ delta }) => delta)
        for (const snapshot of snapshots)
          expect(shown(snapshot, deltas)).toMatchObject({ ...now, asOf: expect.any(Number) })
        const gaps = screen.sent.slice(1).map(({ at }, i) => at - screen.sent[i]!.at)
        expect(Math.min(250, ...gaps)).toBe(250)
      }),
      propertyRuns,
    )
  })
})
