import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { FoldCache } from '../../projection/fold-cache.ts'
import type { ValidatedItem } from '../batch-results.ts'
import { planAhead } from './commit-ahead.ts'
import type { ValidatedRequest } from './commit-events.ts'
import { newSiteRules } from './trial-rules.ts'

type Event = ReturnType<typeof eventLog>[number]

const rules = {
  ...newSiteRules,
  hasStage: (_process: string, stage: string) => stage !== 'unknown',
  rulesVersion: 3,
}
const [placed, picked, packed] = eventLog(
  ['order.placed', 0],
  ['stage.entered', 1, { stage: 'pick' }],
  ['stage.entered', 2, { stage: 'pack' }],
)
const request = (...events: Event[]): ValidatedRequest => ({
  sender: 'wms',
  items: events.map((event, index): ValidatedItem => ({ index, ok: true, raw: '', event, contentHash: event.id })),
})

interface Site {
  readonly known?: readonly string[]
  readonly folds?: FoldCache
  readonly changed?: Partial<typeof rules>
}

function plan(requests: readonly ValidatedRequest[], { known = [], folds, changed }: Site = {}) {
  const context = { rules: { ...rules, ...changed }, folds: folds ?? new FoldCache({ orders: 10, visits: 100 }) }
  return planAhead(context, 3, requests, (order) => known.includes(order))
}
const orders = async (...plannedFor: Parameters<typeof plan>) =>
  (await plan(...plannedFor))?.changes.map(({ order, eventCount }) => [order, eventCount])

/** A cache with the fold of an order of these events. */
async function cacheOf(...events: Event[]): Promise<FoldCache> {
  const folds = new FoldCache({ orders: 10, visits: 100 })
  folds.keep((await plan([request(...events)]))?.changes ?? [])
  return folds
}

describe('a commit of new events is planned without the database', () => {
  it('for orders that nobody has seen, sorted by their numbers', async () => {
    const other = { ...picked, order: 'SO-0', id: 'x' }
    expect(await orders([request(placed, picked), request(other)])).toEqual([
      ['SO-0', 1],
      ['SO-1', 2],
    ])
    const planned = await plan([request(placed)])
    expect(planned).toMatchObject({ unsettled: [], rulesVersion: 3, items: [{ event: placed }] })
  })

  it('for orders that are remembered, which are continued', async () => {
    const folds = await cacheOf(placed, picked)
    expect(await orders([request(packed)], { known: ['SO-1'], folds })).toEqual([['SO-1', 3]])
    expect(await orders([request(packed)], { known: ['SO-1'] })).toBeUndefined()
    // A late event changes what was folded.
    const late = { ...packed, occurredAt: 0.5 }
    expect(await orders([request(late)], { known: ['SO-1'], folds: await cacheOf(placed, picked) })).toBeUndefined()
  })

  it('with a look at the quarantine for new orders, when a site has several processes', async () => {
    const changed = { onlyProcess: undefined }
    const folds = await cacheOf(placed, picked)
    const other = { ...picked, order: 'SO-2', id: 'x' }
    expect((await plan([request(packed, other)], { folds, changed }))?.unsettled).toEqual(['SO-2'])
  })

  it('not when something is imported, rejected, tried again or voids another event', async () => {
    expect(await plan([{ ...request(placed), importId: 4 }])).toBeUndefined()
    const refused: ValidatedItem = { index: 0, ok: false, raw: '', rejection: { code: 'invalid_time', message: '' } }
    expect(await plan([{ ...request(placed), items: [refused] }])).toBeUndefined()
    const tried = request(placed).items.map((item) => ({ ...item, quarantineId: 1 }))
    expect(await plan([{ ...request(placed), items: tried }])).toBeUndefined()
    const [voided] = eventLog(['event.voided', 3, { id: 'v', data: { source: 'erp', id: 'e1' } }])
    expect(await plan([request(placed, voided)])).toBeUndefined()
  })

  it('not when an event occurs twice, unless it is of another source', async () => {
    expect(await plan([request(placed, placed)])).toBeUndefined()
    expect(await plan([request(placed), request(placed)])).toBeUndefined()
    const fromElsewhere = { ...picked, source: 'wms', id: placed.id }
    expect(await orders([request(placed, fromElsewhere)])).toEqual([['SO-1', 2]])
    expect(await plan([request(placed, fromElsewhere, fromElsewhere)])).toBeUndefined()
    const fromThird = { ...fromElsewhere, source: 'mes' }
    expect(await orders([request(placed, fromElsewhere, fromThird)])).toEqual([['SO-1', 3]])
  })

  it('not when a stage has to be learned, or the order belongs to another process than an event names', async () => {
    expect(await plan([request({ ...picked, stage: 'unknown' })])).toBeUndefined()
    const named = (process: string, occurredAt: number, id: string) => ({
      ...placed,
      id,
      occurredAt,
      data: { process },
    })
    const changed = { onlyProcess: undefined, isKnown: () => true }
    expect(await orders([request(named('returns', 0, 'a'))], { changed })).toEqual([['SO-1', 1]])
    expect(await plan([request(named('returns', 0, 'a'), named('main', 1, 'b'))], { changed })).toBeUndefined()
  })
})
