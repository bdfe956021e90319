import { parentPort, workerData } from 'node:worker_threads'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { buffersOf, packOrders } from './packed-orders.ts'
import type { PackedOrders } from './packed-orders.ts'
import { readAllOrders } from './read-all-orders.ts'
import type { OrderBounds } from './read-all-orders.ts'
import { TextNumbers } from './text-numbers.ts'

/** Input of a reader thread. */
export interface OrderTask {
  readonly url: string
  readonly site: string
  readonly bounds: OrderBounds
  /** Shared: number of pages that the main thread has taken. */
  readonly taken: Int32Array
}

/** Messages of the thread, in this order; any other error ends it. */
export type FromOrderThread =
  | { readonly kind: 'page'; readonly page: PackedOrders }
  | { readonly kind: 'unavailable'; readonly reason: DatabaseUnavailableError['reason']; readonly message: string }
  | { readonly kind: 'end' }

/** Maximum number of pages waiting. The main thread takes them one after the other before any other work runs. */
const maxWaiting = 3

const { url, site, bounds, taken } = workerData as OrderTask
const database = openPostgresql(url, { connections: 1 })
const numbers = new TextNumbers()
let sent = 0

try {
  await readAllOrders(database, site, bounds, (orders) => {
    const page = packOrders(orders, numbers)
    waitForRoom()
    post({ kind: 'page', page }, buffersOf(page))
    sent += 1
  })
  post({ kind: 'end' })
} catch (error) {
  if (!(error instanceof DatabaseUnavailableError)) throw error
  post({ kind: 'unavailable', reason: error.reason, message: error.message })
} finally {
  await database.close()
}

/** Blocking is fine, because nothing else runs in this thread; the database waits as well. */
function waitForRoom(): void {
  for (let count = Atomics.load(taken, 0); sent - count >= maxWaiting; count = Atomics.load(taken, 0))
    Atomics.wait(taken, 0, count)
}

function post(message: FromOrderThread, transferred: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transferred)
}
