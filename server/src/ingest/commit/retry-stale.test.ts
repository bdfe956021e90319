import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { FoldCache } from '../../projection/fold-cache.ts'
import { foldInSlices } from '../../projection/fold-orders.ts'
import { StaleFoldError } from '../../projection/save-orders.ts'
import { StaleRulesError } from '../../rules/rules-version.ts'
import { NewStagesError } from './commit-events.ts'
import { retryStale } from './retry-stale.ts'
import { newSiteRules } from './trial-rules.ts'

let reloads: number
let learned: unknown[]
const rules = {
  reload: async () => void (reloads += 1),
  learnStages: async (stages: unknown) => void learned.push(stages),
}
beforeEach(() => {
  reloads = 0
  learned = []
})

/** Work that fails with these errors, one after the other. */
function failing(...errors: Error[]) {
  const left = [...errors]
  return async () => {
    const error = left.shift()
    if (error !== undefined) throw error
    return 'done'
  }
}
const none = new FoldCache({ orders: 0, visits: 0 })

describe('work on rows that others have changed', () => {
  it('is done again with the rules of now, and with the stages that it has found', async () => {
    const stages = new Map([['default', new Set(['pick'])]])
    const work = failing(new StaleRulesError('main'), new NewStagesError(stages), new StaleRulesError('main'))
    expect(await retryStale(work, none, rules)).toBe('done')
    expect({ reloads, learned }).toEqual({ reloads: 2, learned: [stages] })
  })

  it('is done again without the orders that were remembered wrongly', async () => {
    const folds = new FoldCache({ orders: 10, visits: 10 })
    const changes = await Promise.all(
      ['A', 'B'].map((order) => {
        const [event] = eventLog(['stage.entered', 0, { order, stage: 'pick' }])
        return foldInSlices(order, [event], 0, newSiteRules)
      }),
    )
    folds.keep(changes)
    expect(await retryStale(failing(new StaleFoldError(['A'])), folds, rules)).toBe('done')
    expect([folds.get('A'), folds.get('B')?.eventCount]).toEqual([undefined, 1])
    expect({ reloads, learned }).toEqual({ reloads: 0, learned: [] })
  })

  it('is not done again after another error', async () => {
    await expect(retryStale(failing(new Error('broken')), none, rules)).rejects.toThrow('broken')
  })

  it('is given up when it has failed twenty times in a row', async () => {
    const stale = (times: number) => Array.from({ length: times }, () => new StaleRulesError('main'))
    expect(await retryStale(failing(...stale(19)), none, rules)).toBe('done')
    const error = await retryStale(failing(...stale(20)), none, rules).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(DatabaseUnavailableError)
    expect(error).toMatchObject({ reason: 'busy', cause: expect.any(StaleRulesError) })
  })
})
