import type { LiveOrders } from '@stagewatch/shared/contract/live-query.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { describe, expect, it } from 'vitest'
import { AppError } from '../platform/app-error.ts'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { LiveQuery } from './live-query.ts'

/** A query with manual answers in which only the number of orders changes. */
class Asked {
  readonly clock = new VirtualClock(Date.UTC(2026, 10, 26))
  readonly sent: BoardDelta[] = []
  readonly #waiting: PromiseWithResolvers<LiveOrders>[] = []
  dataAsOf: number | undefined
  /** State on which the answer depends. */
  signature = 'a'
  /** Of a server without too much load. */
  readonly cadence: { cadenceMs: number; reducedCadenceMs: number | undefined } = {
    cadenceMs: 0,
    reducedCadenceMs: undefined,
  }
  readonly errors: unknown[] = []
  readonly query: LiveQuery

  constructor(hasSignature = false) {
    this.query = new LiveQuery({
      answer: () => {
        const answer = Promise.withResolvers<LiveOrders>()
        this.#waiting.push(answer)
        return answer.promise
      },
      clock: this.clock,
      send: (delta) => this.sent.push(delta),
      dataAsOf: () => this.dataAsOf,
      failed: (error) => this.errors.push(error),
      signature: hasSignature ? () => this.signature : undefined,
      cadence: this.cadence,
    })
  }

  get waiting(): number {
    return this.#waiting.length
  }

  async answer(total: number): Promise<void> {
    this.#waiting.shift()?.resolve({ order: [], rows: {}, total, asOf: this.clock.now(), position: String(total) })
    await settled()
  }

  async refuse(error: Error = new AppError('not_found', 'gone')): Promise<void> {
    this.#waiting.shift()?.reject(error)
    await settled()
  }

  async wait(ms: number): Promise<void> {
    this.clock.advanceTo(this.clock.now() + ms)
    await settled()
  }
}

/** Resolves after all settled promises have notified their waiters. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

async function answered(total: number, asked = new Asked()): Promise<Asked> {
  const ready = asked.query.ready()
  await asked.answer(total)
  await ready
  return asked
}

describe('a live query', () => {
  it('is repeated at most once a second, and sends what has changed', async () => {
    const asked = await answered(1)
    asked.query.invalidate()
    asked.query.invalidate()
    await asked.wait(999)
    expect(asked.waiting).toBe(0)
    await asked.wait(1)
    expect(asked.waiting).toBe(1)
    await asked.answer(2)
    expect(asked.sent).toMatchObject([{ from: 1, to: 2, position: '2', changes: [{ path: ['total'], value: 2 }] }])
    expect(asked.query.snapshot()).toMatchObject({ version: 2, tree: { total: 2 } })
  })

  it('is repeated more rarely under load, and its heartbeats say so', async () => {
    const asked = await answered(1)
    expect(asked.query.heartbeat(0)).not.toHaveProperty('reducedMs')
    Object.assign(asked.cadence, { cadenceMs: 5_000, reducedCadenceMs: 5_000 })
    asked.query.invalidate()
    await asked.wait(4_999)
    expect(asked.waiting).toBe(0)
    await asked.wait(1)
    expect(asked.waiting).toBe(1)
    expect(asked.query.heartbeat(0)).toMatchObject({ reducedMs: 5_000 })
  })

  it('is repeated when something changes while it is being answered', async () => {
    const asked = await answered(1)
    asked.query.invalidate()
    await asked.wait(1_000)
    asked.query.invalidate()
    // The answer takes so long that the next one would be due before it arrives.
    await asked.wait(5_000)
    expect(asked.waiting).toBe(1)
    await asked.answer(2)
    expect(asked.waiting).toBe(1)
    await asked.answer(3)
    expect(asked.sent.map(({ changes }) => changes[0]?.value)).toEqual([2, 3])
  })

  it('is repeated after some time without any change, and sends nothing if the result is the same', async () => {
    const asked = await answered(1)
    await asked.wait(19_000)
    asked.query.refresh()
    await asked.wait(0)
    expect(asked.waiting).toBe(0)
    await asked.wait(1_000)
    asked.query.refresh()
    await asked.wait(0)
    await asked.answer(1)
    expect(asked.sent).toEqual([])
    expect(asked.query.snapshot().version).toBe(1)
  })

  it('pauses for four times as long as an answer takes, and for five seconds at most', async () => {
    const asked = new Asked()
    const ready = asked.query.ready()
    await asked.wait(60_000)
    await asked.answer(1)
    await ready
    asked.query.invalidate()
    await asked.wait(0)
    // The remaining interval counts from the start of the answer.
    expect(asked.waiting).toBe(1)
    await asked.wait(1_000)
    await asked.answer(2)
    asked.query.invalidate()
    await asked.wait(2_999)
    expect(asked.waiting).toBe(0)
    await asked.wait(1)
    expect(asked.waiting).toBe(1)
    // Four times two seconds are more than five.
    await asked.wait(2_000)
    await asked.answer(3)
    asked.query.invalidate()
    await asked.wait(2_999)
    expect(asked.waiting).toBe(0)
    await asked.wait(1)
    expect(asked.waiting).toBe(1)
  })

  it('pauses while the database is away', async () => {
    const asked = await answered(1)
    asked.dataAsOf = asked.clock.now()
    asked.query.invalidate()
    await asked.wait(1_000)
    expect(asked.waiting).toBe(0)
    expect(asked.query.heartbeat(asked.clock.now())).toMatchObject({ version: 1, dataAsOf: asked.dataAsOf })
  })

  it('that fails reports the reason until it succeeds again', async () => {
    const asked = await answered(1)
    asked.query.invalidate()
    await asked.wait(1_000)
    await asked.refuse()
    expect(asked.query.problem).toBe('not_found')
    const ready = asked.query.ready()
    await asked.answer(2)
    await ready
    expect(asked.query.problem).toBeUndefined()
    expect(asked.sent).toMatchObject([{ from: 1, to: 2 }])
  })

  it('stops once nobody is subscribed', async () => {
    const asked = await answered(1)
    asked.query.invalidate()
    asked.query.close()
    await asked.wait(60_000)
    expect(asked.waiting).toBe(0)
  })

  it('is not repeated while its inputs are the same, unless time may have changed the answer', async () => {
    const asked = await answered(1, new Asked(true))
    asked.query.invalidate()
    await asked.wait(5_000)
    expect(asked.waiting).toBe(0)
    asked.signature = 'b'
    asked.query.invalidate()
    await asked.wait(0)
    expect(asked.waiting).toBe(1)
    await asked.answer(2)
    asked.query.invalidate()
    await asked.wait(5_000)
    expect(asked.waiting).toBe(0)
    await asked.wait(15_000)
    asked.query.refresh()
    await asked.wait(0)
    expect(asked.waiting).toBe(1)
    // A query that failed is repeated even if its signature is unchanged.
    await asked.refuse()
    asked.query.invalidate()
    await asked.wait(1_000)
    expect(asked.waiting).toBe(1)
  })

  it('runs once for all concurrent subscribers, and fails for all of them', async () => {
    const asked = new Asked()
    const ready = Promise.allSettled([asked.query.ready(), asked.query.ready()])
    expect(asked.waiting).toBe(1)
    await asked.refuse()
    const refused = { status: 'rejected', reason: { code: 'not_found' } }
    expect(await ready).toMatchObject([refused, refused])
    expect(asked.errors).toEqual([])
    const again = asked.query.ready()
    await asked.answer(1)
    await again
    // Now there is an answer.
    await asked.query.ready()
    expect(asked.waiting).toBe(0)
    expect(asked.query.snapshot().version).toBe(1)
  })

  it('reports an unexpected error once until it succeeds again', async () => {
    const asked = await answered(1)
    const fail = async (): Promise<void> => {
      asked.query.invalidate()
      await asked.wait(1_000)
      await asked.refuse(new Error('broken'))
    }
    await fail()
    await fail()
    expect(asked.query.problem).toBe('internal')
    expect(asked.errors).toEqual([new Error('broken')])
    asked.query.invalidate()
    await asked.wait(1_000)
    await asked.answer(1)
    await fail()
    expect(asked.errors).toHaveLength(2)
  })

  it('discards a result that arrives after the last subscriber has left', async () => {
    const asked = await answered(1)
    asked.query.invalidate()
    await asked.wait(1_000)
    asked.query.close()
    await asked.answer(2)
    expect(asked.sent).toEqual([])
    asked.query.invalidate()
    asked.query.refresh()
    await asked.wait(60_000)
    expect(asked.waiting).toBe(0)
  })
})
