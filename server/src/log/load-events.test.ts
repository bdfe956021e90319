import type { Queryable } from '@stagewatch/db/database.ts'
import { expect, it } from 'vitest'
import { loadLogs, orderEvent } from './load-events.ts'

it('logs are read a few orders at a time, and one that is long by itself in pages, with other work in between', async () => {
  const reads: string[] = []
  const rowsOfLong = [500, 500, 20]
  const tx: Queryable = {
    query: <Row>(text: string, parameters?: readonly unknown[]) => {
      const [, orders] = parameters ?? []
      const isPage = text.startsWith('fetch')
      reads.push(Array.isArray(orders) ? orders.join(' ') : text.trim().split(/\s/, 2).join(' '))
      const row = {
        source: 's',
        id: 'e',
        type: 'note',
        stage: null,
        occurredAt: 0,
        actor: null,
        sequence: null,
        data: {},
      }
      const count = isPage ? (rowsOfLong.shift() ?? 0) : 0
      return Promise.resolve(Array.from({ length: count }, () => row) as Row[])
    },
    values: () => Promise.reject(new Error('events are read by raw statements')),
  }
  let isWorking = true
  const otherWork = (): void => {
    if (!isWorking) return
    reads.push('other work')
    setImmediate(otherWork)
  }
  setImmediate(otherWork)

  const yielded: (readonly [order: string, events: number])[] = []
  const counts = [
    ['A', 300],
    ['B', 200],
    ['C', 1],
    ['D', 1_020],
    ['E', 499],
    ['F', 500],
  ] as const
  for await (const logs of loadLogs(tx, 'main', counts)) {
    for (const [order, events] of logs) yielded.push([order, events.length])
  }
  isWorking = false
  expect(reads.filter((read, i) => read !== reads[i - 1])).toEqual([
    'A B',
    'other work',
    'declare order_log',
    'fetch 500',
    'other work',
    'fetch 500',
    'other work',
    'fetch 500',
    'close order_log',
    'C E',
    'other work',
    'F',
  ])
  expect(yielded).toEqual([['D', 1_020]])
})

it('no statement is sent for no orders', async () => {
  const tx: Queryable = {
    query: () => Promise.reject(new Error('nothing is read')),
    values: () => Promise.reject(new Error('nothing is read')),
  }
  for await (const logs of loadLogs(tx, 'main', [])) expect(logs).toBeUndefined()
})

it('an event has only those facts that its row has', () => {
  const row = {
    source: 'erp',
    id: 'e-1',
    type: 'order.changed' as const,
    order: 'SO-1',
    stage: null,
    occurredAt: 1_000.2,
    actor: null,
    sequence: null,
    data: {},
  }
  const event = { source: 'erp', id: 'e-1', type: 'order.changed', order: 'SO-1', occurredAt: 1_000, data: {} }
  expect(orderEvent(row)).toEqual(event)
  expect(Object.keys(orderEvent(row)).toSorted()).toEqual(Object.keys(event).toSorted())
  const facts = { stage: 'packing', actor: 'Ada', sequence: 0 }
  expect(orderEvent({ ...row, ...facts })).toEqual({ ...event, ...facts })
})
