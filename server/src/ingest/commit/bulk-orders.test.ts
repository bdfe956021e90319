import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import type { ValidatedItem } from '../batch-results.ts'
import { bulkOrders } from './bulk-orders.ts'
import type { ValidatedRequest } from './commit-events.ts'
import { newSiteRules } from './trial-rules.ts'
import { isForBulk, isPreparedFor, prepareBulk } from './prepared-bulk.ts'

interface Sent {
  readonly order: string
  readonly id: string
  readonly content?: string
  readonly quarantineId?: number
}

function request(sent: readonly Sent[], importId: number | undefined = 1): ValidatedRequest {
  const items = sent.map(({ order, id, content = id, quarantineId }, index): ValidatedItem => {
    const [event] = eventLog(['stage.entered', index, { order, id, stage: 'pick' }])
    return {
      index,
      ok: true,
      raw: undefined,
      event,
      contentHash: content,
      ...(quarantineId !== undefined && { quarantineId }),
    }
  })
  return { sender: 'import', importId, items }
}
const rejected: ValidatedItem = {
  index: 9,
  ok: false,
  raw: undefined,
  rejection: { code: 'invalid_time', message: 'is no time' },
}
const found = (...requests: ValidatedRequest[]) =>
  bulkOrders(requests).map(({ order, items, duplicates, events }) => ({
    order,
    events: events.map(({ id }) => id),
    items: items.map(({ place }) => place),
    duplicates: duplicates.map(({ place }) => place),
  }))

describe('the orders that are written in bulk', () => {
  it('are those of imports, with the places of their events among all that are written', () => {
    const first = request([
      { order: 'A', id: '1' },
      { order: 'B', id: '2' },
      { order: 'A', id: '3' },
    ])
    const second = request([{ order: 'C', id: '4' }])
    expect(found({ ...first, items: [rejected, ...first.items] }, second)).toEqual([
      { order: 'A', events: ['1', '3'], items: [1, 3], duplicates: [] },
      { order: 'B', events: ['2'], items: [2], duplicates: [] },
      { order: 'C', events: ['4'], items: [4], duplicates: [] },
    ])
  })

  it('are none to which something was sent by others, or that waits in quarantine', () => {
    const ofSender = { ...request([{ order: 'A', id: '9' }]), importId: undefined }
    const imported = request([
      { order: 'A', id: '1' },
      { order: 'B', id: '2', quarantineId: 4 },
      { order: 'C', id: '3' },
    ])
    expect(found(imported, ofSender).map(({ order }) => order)).toEqual(['C'])
  })

  it('have each event once when it is repeated with the same content', () => {
    const repeated = [
      { order: 'A', id: '1' },
      { order: 'A', id: '2' },
      { order: 'A', id: '1' },
    ]
    expect(found(request(repeated))).toEqual([{ order: 'A', events: ['1', '2'], items: [0, 1], duplicates: [2] }])
  })

  it('are neither of two orders in which one identity stands with different content', () => {
    const sent = [
      { order: 'A', id: '1', content: 'one' },
      { order: 'B', id: '1', content: 'other' },
      { order: 'C', id: '2' },
    ]
    expect(found(request(sent)).map(({ order }) => order)).toEqual(['C'])
  })

  it('are none with more than 200,000 events', () => {
    const many = request(Array.from({ length: 200_001 }, (_, i) => ({ order: 'A', id: String(i) })))
    const sizes = (items: ValidatedRequest['items']) =>
      bulkOrders([{ ...many, items }]).map(({ events }) => events.length)
    expect(sizes(many.items)).toEqual([])
    expect(sizes(many.items.slice(1))).toEqual([200_000])
  })
})

describe('a request of an import', () => {
  const events = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ order: `O-${6 - (i % 7)}`, id: String(i) }))
  const ofSender = (count: number) => ({ ...request(events(count)), importId: undefined })

  it('is written in bulk from 500 events on, those that others send do not count', () => {
    expect(isForBulk([request(events(499))])).toBe(false)
    expect(isForBulk([request(events(500))])).toBe(true)
    expect(isForBulk([request(events(250)), request(events(250))])).toBe(true)
    expect(isForBulk([request(events(499)), ofSender(500)])).toBe(false)
  })

  const has = (...stages: string[]) => ({
    ...newSiteRules,
    hasStage: (_process: string, stage: string) => stages.includes(stage),
    rulesVersion: 3,
  })
  const site = { site: 'main', origin: 'here' }

  it('is prepared when its site has one process with all of its stages', async () => {
    const prepare = (rules: Parameters<typeof prepareBulk>[1]['rules'], one = request(events(500))) =>
      prepareBulk(one, { ...site, rules })
    const prepared = await prepare(has('pick'))
    expect(prepared?.orders.map(({ order }) => order)).toEqual(['O-0', 'O-1', 'O-2', 'O-3', 'O-4', 'O-5', 'O-6'])
    expect(prepared?.changes.map(({ order, eventCount }) => [order, eventCount])).toEqual([
      ['O-0', 71],
      ['O-1', 71],
      ['O-2', 71],
      ['O-3', 71],
      ['O-4', 72],
      ['O-5', 72],
      ['O-6', 72],
    ])
    expect(await prepare(has('pack'))).toBeUndefined()
    expect(await prepare({ ...has('pick'), onlyProcess: undefined })).toBeUndefined()
    expect(await prepare(has('pick'), request(events(499)))).toBeUndefined()
  })

  it('is prepared for itself, as it was then and under the rules of then', async () => {
    const one = request(events(500))
    const rules = has('pick')
    const prepared = (await prepareBulk(one, { ...site, rules }))!
    expect(isPreparedFor(prepared, [one], rules)).toBe(true)
    expect(isPreparedFor(prepared, [one], { ...rules, rulesVersion: 4 })).toBe(false)
    expect(isPreparedFor(prepared, [one, request([])], rules)).toBe(false)
    expect(isPreparedFor(prepared, [], rules)).toBe(false)
    expect(isPreparedFor(prepared, [{ ...one, items: one.items.slice(1) }], rules)).toBe(false)
    expect(isPreparedFor(prepared, [{ ...one, items: [rejected, ...one.items.slice(1)] }], rules)).toBe(false)
  })
})
