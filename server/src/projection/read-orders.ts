import { Worker } from 'node:worker_threads'
import type { Database } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import pLimit from 'p-limit'
import type { StoredOrder } from './load-orders.ts'
import { estimateVisits } from './memory-start.ts'
import type { FromOrderThread, OrderTask } from './order-thread.ts'
import { unpackOrders } from './packed-orders.ts'
import { readAllOrders } from './read-all-orders.ts'
import type { OrderBounds } from './read-all-orders.ts'

/** From this many visits on, which take half a second to read, starting a thread is worthwhile. */
const visitsForThread = 100_000

/**
 * Only one at a time: a thread and its connection cost memory, and counting the orders of one thread already keeps the
 * main thread busy.
 */
const inTurn = pLimit(1)

/**
 * Like `readAllOrders`, but reads a large site in a separate thread: reading and counting take about equally long and
 * run in parallel.
 */
export async function readOrders(
  database: Database,
  site: string,
  bounds: OrderBounds,
  take: (orders: readonly StoredOrder[]) => void,
): Promise<void> {
  const { url } = database
  if (url === undefined || (await estimateVisits(database)) < visitsForThread)
    return readAllOrders(database, site, bounds, take)
  return inTurn(() => readInThread({ url, site, bounds }, take))
}

/** @throws DatabaseUnavailableError like a read on the main thread. */
export async function readInThread(
  task: Pick<OrderTask, 'url' | 'site' | 'bounds'>,
  take: (orders: readonly StoredOrder[]) => void,
): Promise<void> {
  const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const workerData: OrderTask = { ...task, taken }
  const thread = new Worker(new URL('order-thread.ts', import.meta.url), { name: 'orders', workerData })
  const texts: string[] = []
  const end = Promise.withResolvers<void>()
  const hear = (message: FromOrderThread): void => {
    switch (message.kind) {
      case 'page':
        take(unpackOrders(message.page, texts))
        // Yields to all other work first.
        setImmediate(() => {
          Atomics.add(taken, 0, 1)
          Atomics.notify(taken, 0)
        })
        return
      case 'unavailable':
        return end.reject(new DatabaseUnavailableError(message.reason, message.message))
      case 'end':
        return end.resolve()
    }
  }
  thread.on('message', (message: FromOrderThread) => {
    try {
      hear(message)
    } catch (error) {
      end.reject(error)
    }
  })
  thread.on('error', (error) => end.reject(error))
  thread.on('messageerror', (error) => end.reject(error))
  thread.on('exit', () => end.reject(new Error('the thread that read the orders ended')))
  try {
    await end.promise
  } finally {
    await thread.terminate()
  }
}
