import { parentPort, workerData } from 'node:worker_threads'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { buffersOf, packOrders } from './packed-orders.ts'
import type { PackedOrders } from './packed-orders.ts'
import { readAllOrders } from './read-all-orders.ts'
import type { OrderBounds } from './read-all-orders.ts'
import { TextNumbers } from './text-numbers.ts'

/** What a thread reads. */
export interface OrderTask {
  readonly url: string
  readonly site: string
  readonly bounds: OrderBounds
  /** Shared: how many pages were taken. */
  readonly taken: Int32Array
}

/** What it tells, in this order; what else goes wrong ends it. */
export type FromOrderThread =
  | { readonly kind: 'page'; readonly page: PackedOrders }
  | { readonly kind: 'unavailable'; readonly reason: DatabaseUnavailableError['reason']; readonly message: string }
  | { readonly kind: 'end' }

/** Pages that wait to be taken. The main thread takes them one after the other before anything else has its turn. */
const maxWaiting = 3

const { url, site, bounds, taken } = workerData as OrderTask
const database = openPostgresql(url, { connections: 1 })
const numbers = new TextNumbers()
let sent = 0

try {
  await readAllOrders(database, site, bounds, (orders) => {
    const page = packOrders(orders, numbers)
    waitForRoom()
    tell({ kind: 'page', page }, buffersOf(page))
    sent += 1
  })
  tell({ kind: 'end' })
} catch (error) {
  if (!(error instanceof DatabaseUnavailableError)) throw error
  tell({ kind: 'unavailable', reason: error.reason, message: error.message })
} finally {
  await database.close()
}

/** Nothing else runs in this thread, and the database waits as well. */
function waitForRoom(): void {
  for (let count = Atomics.load(taken, 0); sent - count >= maxWaiting; count = Atomics.load(taken, 0))
    Atomics.wait(taken, 0, count)
}

function tell(message: FromOrderThread, transferred: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transferred)
}
