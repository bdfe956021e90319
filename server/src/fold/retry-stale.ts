import type { FoldCache } from './fold-cache.ts'
import { StaleFoldError } from './save-orders.ts'

/** What is remembered of an order may be behind the tables: forgetting it makes the next try read them. */
export async function retryStale<T>(folds: FoldCache, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StaleFoldError)) throw error
      for (const order of error.orders) folds.delete(order)
    }
  }
}
