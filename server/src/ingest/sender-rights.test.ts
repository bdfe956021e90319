import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { describe, expect, it } from 'vitest'
import { refuseVoids, validateSender } from './sender-rights.ts'

const event = (source: string, voided?: string): OrderEvent => ({
  source,
  id: 'e1',
  type: voided === undefined ? 'order.placed' : 'event.voided',
  order: 'SO-1',
  occurredAt: 0,
  data: voided === undefined ? {} : { source: voided, id: 'e0' },
})
const judge = (one: OrderEvent, sources: readonly string[] | undefined, mayVoidOthers = false) => {
  const [item] = validateSender([{ index: 3, ok: true, event: one, raw: 'raw' }], { sources, mayVoidOthers })
  return item!.ok ? 'taken' : [item!.index, item!.rejection.code, item!.rejection.field, item!.raw]
}

describe('a sender', () => {
  it('of named sources sends no events of others', () => {
    expect(judge(event('wms'), ['wms', 'erp'])).toBe('taken')
    expect(judge(event('mes'), ['wms', 'erp'])).toEqual([3, 'forbidden', 'source', 'raw'])
    expect(judge(event('mes'), undefined)).toBe('taken')
  })

  it('takes back events of the source that it speaks for, and of others if that is granted', () => {
    expect(judge(event('wms', 'wms'), undefined)).toBe('taken')
    expect(judge(event('wms', 'erp'), undefined)).toEqual([3, 'forbidden', 'data.source', 'raw'])
    expect(judge(event('wms', 'erp'), ['wms', 'erp'])).toEqual([3, 'forbidden', 'data.source', 'raw'])
    expect(judge(event('wms', 'erp'), ['wms'], true)).toBe('taken')
    expect(judge(event('erp', 'erp'), ['wms'], true)).toEqual([3, 'forbidden', 'source', 'raw'])
  })

  it('of an import takes back nothing, unless that is granted', () => {
    const items = [event('wms'), event('wms', 'wms')].map(
      (one, index) => ({ index, ok: true, event: one, raw: 'raw' }) as const,
    )
    expect(refuseVoids(items)).toEqual([
      items[0],
      { index: 1, ok: false, raw: 'raw', rejection: { code: 'forbidden', field: 'type', message: expect.any(String) } },
    ])
  })

  it('leaves what was rejected before as it was', () => {
    const rejected = { index: 0, ok: false, raw: 1, rejection: { code: 'missing_field', message: '' } } as const
    expect(validateSender([rejected], { mayVoidOthers: false })).toEqual([rejected])
  })
})
