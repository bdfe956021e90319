import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { StaleRulesError } from '../../rules/rules-version.ts'
import { NewStagesError } from './commit-events.ts'
import type { FoldCache } from '../../projection/fold-cache.ts'
import { StaleFoldError } from '../../projection/save-orders.ts'

interface Rules {
  reload(): Promise<void>
  learnStages(stages: ReadonlyMap<string, ReadonlySet<string>>): Promise<void>
}

/** Conflicts with other writers are frequent, but not this many times in a row. */
const maxAttempts = 20

/**
 * Retries `work` when cached orders or rules are older than the database, after refreshing them.
 * @throws DatabaseUnavailableError after `maxAttempts` attempts.
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
        throw new DatabaseUnavailableError('busy', 'the rows to be written keep being changed concurrently', {
          cause: error,
        })
      }
    }
  }
}
