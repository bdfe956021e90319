import { StaleRulesError } from '../follow/rules-version.ts'
import type { FoldCache } from './fold-cache.ts'
import { StaleFoldError } from './save-orders.ts'

/** What is remembered of orders and of rules may be behind the database: then `work` is done again with what it has. */
export async function retryStale<T>(
  work: () => Promise<T>,
  folds: FoldCache,
  rules: { reload(): Promise<void> },
): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof StaleRulesError) await rules.reload()
      else if (error instanceof StaleFoldError) for (const order of error.orders) folds.delete(order)
      else throw error
    }
  }
}
