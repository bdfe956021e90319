import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import { describe, expect, it } from 'vitest'
import { CommitLanes } from './commit-lanes.ts'
import type { Submission } from './commit-lanes.ts'
import type { ParsedItem } from './parse/parse-events.ts'

const limits = { commitWeight: 100, waitingWeight: 8 }

function item(index: number, order: string): ParsedItem {
  const event = { source: 's', id: String(index), type: 'order.placed', order, occurredAt: 0, data: {} } as const
  return { index, ok: true, event, raw: event }
}

function rejected(index: number): ParsedItem {
  return { index, ok: false, rejection: { code: 'invalid_time', field: 'occurredAt', message: '' }, raw: null }
}

/** Answers with the orders that each commit was given, and lets a test hold the answers back. */
class Committer {
  readonly commits: string[][] = []
  held: Promise<void> = Promise.resolve()

  readonly commit = async (submissions: readonly Submission[]): Promise<EventsAnswer[]> => {
    this.commits.push(submissions.flatMap(({ items }) => items.map((one) => (one.ok ? one.event.order : 'rejected'))))
    await this.held
    return submissions.map(({ items }) => ({
      accepted: items.filter((one) => one.ok).length,
      duplicate: 0,
      rejected: items.filter((one) => !one.ok).length,
      results: items.map(({ index }) => ({ index, status: 'accepted' })),
      position: String(this.commits.length),
    }))
  }
}

describe('commit lanes', () => {
  it('keep the events of an order together, and answer in the order sent', async () => {
    const committer = new Committer()
    const lanes = new CommitLanes(2, committer.commit, { commitWeight: 100, waitingWeight: 100 })
    const orders = ['SO-1', 'SO-2', 'SO-3', 'SO-4', 'SO-1', 'SO-2', 'SO-3', 'SO-4']
    const answer = await lanes.submit({
      sender: 'test',
      items: [...orders.map((order, i) => item(i, order)), rejected(8)],
    })
    expect(committer.commits).toHaveLength(2)
    expect(committer.commits.flat()).toHaveLength(9)
    for (const order of new Set(orders)) {
      expect(committer.commits.filter((commit) => commit.includes(order))).toHaveLength(1)
    }
    expect(answer).toMatchObject({ accepted: 8, rejected: 1, position: '2' })
    expect(answer.results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('answer a request without events', async () => {
    const lanes = new CommitLanes(2, new Committer().commit, limits)
    expect(await lanes.submit({ sender: 'test', items: [] })).toMatchObject({ accepted: 0, results: [] })
  })

  it('turn a request away as a whole when one of them is full', async () => {
    const committer = new Committer()
    const { promise, resolve } = Promise.withResolvers<void>()
    committer.held = promise
    const lanes = new CommitLanes(2, committer.commit, limits)
    const filling = lanes.submit({ sender: 'test', items: Array.from({ length: 4 }, (_, i) => item(i, 'SO-1')) })
    const both = ['SO-1', 'SO-2', 'SO-3', 'SO-4'].map((order, i) => item(i, order))
    await expect(lanes.submit({ sender: 'test', items: both })).rejects.toMatchObject({
      code: 'overloaded',
      retryAfterS: 1,
    })
    resolve()
    expect(await filling).toMatchObject({ accepted: 4 })
    expect(committer.commits).toEqual([['SO-1', 'SO-1', 'SO-1', 'SO-1']])
    expect(await lanes.submit({ sender: 'test', items: both })).toMatchObject({ accepted: 4 })
    await lanes.drain()
  })
})
