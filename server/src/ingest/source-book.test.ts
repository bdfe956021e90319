import { describe, expect, it } from 'vitest'
import { SourceBook } from './source-book.ts'
import type { KnownSource } from './source-book.ts'

const minute = 60_000
const wms: KnownSource = { source: 'wms', name: { zh: '仓库', en: 'Warehouse' }, intervalMs: minute, stages: [] }

function heard(...stages: string[]): SourceBook {
  const book = new SourceBook()
  book.know(wms)
  book.received('wms', new Set(stages), 0)
  return book
}

describe('a source', () => {
  it('is late after three of its intervals', () => {
    const book = heard('picking')
    expect(book.freshness(3 * minute)['wms']).toMatchObject({ late: false, lastReceivedAt: 0 })
    expect(book.freshness(3 * minute + 1)['wms']).toMatchObject({ late: true, lastReceivedAt: 0 })
    expect(book.lateSourceOf('picking', 3 * minute)).toBeUndefined()
    expect(book.lateSourceOf('picking', 3 * minute + 1)).toBe('wms')
  })

  it('is never late when nobody has said how often it reports', () => {
    const book = new SourceBook()
    book.received('erp', new Set(['picking']), 0)
    expect(book.freshness(1e12)['erp']).toEqual({ name: { zh: 'erp', en: 'erp' }, lastReceivedAt: 0, late: false })
    expect(book.lateSourceOf('picking', 1e12)).toBeUndefined()
  })

  it('that has never spoken is not shown', () => {
    const book = new SourceBook()
    book.know(wms)
    expect(book.freshness(0)).toEqual({})
    expect(book.lateSourceOf('picking', 1e12)).toBeUndefined()
  })

  it('answers for a stage as long as no other one has spoken of it', () => {
    const book = heard('picking', 'packing')
    book.received('erp', new Set(['packing']), minute)
    expect(book.lateSourceOf('picking', 5 * minute)).toBe('wms')
    expect(book.lateSourceOf('packing', 5 * minute)).toBeUndefined()
  })

  it('is known after a restart by what was taken down', () => {
    const book = heard('picking')
    const restarted = new SourceBook()
    for (const source of book.takeChanged()) restarted.know(source)
    expect(restarted.lateSourceOf('picking', 5 * minute)).toBe('wms')
    expect(restarted.freshness(5 * minute)).toEqual(book.freshness(5 * minute))
  })

  it('keeps the newest word when it is described again', () => {
    const book = heard('picking')
    book.know({ ...wms, intervalMs: 10 * minute, lastReceivedAt: -5, stages: ['packing'] })
    expect(book.freshness(5 * minute)['wms']).toMatchObject({ late: false, lastReceivedAt: 0, intervalMs: 10 * minute })
    expect(book.lateSourceOf('packing', 31 * minute)).toBe('wms')
  })

  it('is taken down once for each time that it has spoken', () => {
    const book = heard('picking')
    expect(book.takeChanged()).toEqual([{ ...wms, lastReceivedAt: 0, stages: ['picking'] }])
    expect(book.takeChanged()).toEqual([])
    book.received('wms', new Set(['picking', 'packing']), minute)
    expect(book.takeChanged()).toEqual([{ ...wms, lastReceivedAt: minute, stages: ['picking', 'packing'] }])
  })
})
