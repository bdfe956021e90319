import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { StaleRulesError } from '../rules/rules-version.ts'
import { NewStagesError } from './commit-events.ts'
import type { FoldCache } from '../projection/fold-cache.ts'
import { StaleFoldError } from '../projection/save-orders.ts'

interface Rules {
  reload(): Promise<void>
  learnStages(stages: ReadonlyMap<string, ReadonlySet<string>>): Promise<void>
}

/** Others write at the same time, but nobody is that unlucky. */
const maxAttempts = 20

/**
 * What is remembered of orders and of rules may be behind the database: then `work` is done again with what it has.
 * @throws DatabaseUnavailableError when that goes on and on.
 */
export async function retryStale<T>(work: () => Promise<T>, folds: FoldCache, rules: Rules): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof StaleRulesError) await rules.reload()
      else if (error instanceof StaleFoldError) for (const order of error.orders) folds.delete(order)
      else if (error instanceof NewStagesError) await rules.learnStages(error.stages)
      else throw error
      if (attempt === maxAttempts) {
        throw new DatabaseUnavailableError('busy', 'others keep changing what is to be written', { cause: error })
      }
    }
  }
}
