import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { applyChanges } from '@stagewatch/shared/domain/board-delta.ts'
import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../platform/app-error.ts'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { LiveEngine } from '../engine/live-engine.ts'
import { BoardPublisher } from './board-publisher.ts'
import { boardOf } from './testing/board-of.ts'

const beginAt = Date.parse('2026-11-20T09:13:00+08:00')

/** A publisher of a board in which only one number, the position, the day's trend and the time vary. */
class Screen {
  readonly clock = new VirtualClock(beginAt)
  readonly cadence = { cadenceMs: 250, reducedCadenceMs: undefined }
  readonly sent: { readonly at: number; readonly delta: BoardDelta }[] = []
  readonly #numbers = boardOf(new LiveEngine('Asia/Shanghai'), 'default', beginAt)
  readonly publisher = new BoardPublisher({
    board: 'overview',
    build: (now) => {
      if (this.thrown !== undefined) throw this.thrown
      return {
        ...this.#numbers,
        asOf: now,
        position: String(this.count),
        kpis: { ...this.#numbers.kpis, stalled: { count: this.count } },
      }
    },
    clock: this.clock,
    cadence: this.cadence,
    send: (delta) => this.sent.push({ at: this.clock.now(), delta }),
    failed: (error) => this.errors.push(error),
  })
  count = 0
  readonly errors: unknown[] = []
  /** Error that the next build throws. */
  thrown: Error | undefined

  change(): void {
    this.count += 1
    this.publisher.invalidate()
  }

  wait(ms: number): void {
    this.clock.advanceTo(this.clock.now() + ms)
  }
}

/** What a viewer shows after the snapshot and every delta. */
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

  it('sends less often, and answers from the last board for as long, while the cadence is longer', () => {
    const screen = new Screen()
    screen.publisher.snapshot()
    screen.wait(1_000)
    screen.change()
    screen.wait(0)
    screen.cadence.cadenceMs = 5_000
    for (let i = 0; i < 49; i++) {
      screen.change()
      screen.wait(100)
    }
    expect(screen.sent).toHaveLength(1)
    expect(screen.publisher.snapshot().version).toBe(2)
    screen.wait(100)
    expect(screen.sent.map(({ at }) => at - beginAt)).toEqual([1_000, 6_000])
    expect(screen.publisher.snapshot().kpis.stalled).toEqual({ count: 50 })
  })

  it('sends nothing when nothing has changed', () => {
    const screen = new Screen()
    screen.publisher.snapshot()
    screen.wait(1000)
    screen.publisher.invalidate()
    screen.wait(1000)
    expect(screen.sent).toEqual([])
  })

  it('keeps its pace when the wall clock is adjusted, and uses the new time', () => {
    const screen = new Screen()
    screen.publisher.snapshot()
    for (const ms of [-3_600_000, -400 * 86_400_000, 30 * 86_400_000]) {
      screen.wait(1_000)
      screen.clock.set(screen.clock.now() + ms)
      screen.change()
      screen.wait(0)
      screen.change()
      screen.wait(250)
      expect(screen.sent.splice(0).map(({ delta }) => delta.asOf)).toEqual([
        screen.clock.now() - 250,
        screen.clock.now(),
      ])
      expect(screen.publisher.snapshot().asOf).toBe(screen.clock.now())
    }
  })

  it('reports a failed build and recovers with the next successful one', () => {
    const screen = new Screen()
    screen.publisher.snapshot()
    screen.thrown = new Error('a bug')
    for (let i = 0; i < 3; i++) {
      screen.change()
      screen.wait(1_000)
    }
    expect(screen.publisher.problem).toBe('internal')
    expect(screen.errors).toEqual([screen.thrown])
    expect(() => screen.publisher.snapshot()).toThrow('a bug')
    screen.thrown = undefined
    screen.change()
    screen.wait(1_000)
    expect(screen.publisher.problem).toBeUndefined()
    expect(screen.sent.map(({ delta: { from, to } }) => [from, to])).toEqual([[1, 2]])
    expect(screen.publisher.snapshot().kpis.stalled.count).toBe(4)
  })

  it('of a removed board reports that it is gone, without an error', () => {
    const screen = new Screen()
    screen.publisher.snapshot()
    screen.thrown = new AppError('unknown_board', 'gone')
    screen.change()
    screen.wait(1_000)
    expect([screen.publisher.problem, screen.errors]).toEqual(['unknown_board', []])
  })

  it('leads from any snapshot to the current board, with at most four deltas per second', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60, size: 'max' }), (actions) => {
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
      costlyPropertyRuns,
    )
  })
})
