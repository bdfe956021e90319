import { describe, expect, it } from 'vitest'
import { SourceRegistry } from './source-registry.ts'
import type { RegisteredSource } from './source-registry.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const wms: RegisteredSource = { source: 'wms', name: { zh: '仓库', en: 'Warehouse' }, intervalMs: minute, stages: [] }

function heard(...stages: string[]): SourceRegistry {
  const registry = new SourceRegistry()
  registry.register(wms, 0)
  registry.received('wms', new Set(stages), 0)
  return registry
}

describe('a source', () => {
  it('is late after three of its intervals', () => {
    const registry = heard('picking')
    expect(registry.freshness(3 * minute)['wms']).toMatchObject({ late: false, lastReceivedAt: 0 })
    expect(registry.freshness(3 * minute + 1)['wms']).toMatchObject({ late: true, lastReceivedAt: 0 })
    expect(registry.lateSourceOf('picking', 3 * minute)).toBeUndefined()
    expect(registry.lateSourceOf('picking', 3 * minute + 1)).toBe('wms')
  })

  it('is named where it has another name than its code', () => {
    const registry = heard()
    registry.received('erp', new Set(), 0)
    expect(registry.namesOf(['wms', 'erp', 'wms', 'nobody'])).toEqual({ wms: { zh: '仓库', en: 'Warehouse' } })
  })

  it('is never late when nobody has said how often it reports', () => {
    const registry = new SourceRegistry()
    registry.received('erp', new Set(['picking']), 0)
    expect(registry.freshness(1e12)['erp']).toEqual({ name: { zh: 'erp', en: 'erp' }, lastReceivedAt: 0, late: false })
    expect(registry.lateSourceOf('picking', 1e12)).toBeUndefined()
  })

  it('that has never spoken is not shown', () => {
    const registry = new SourceRegistry()
    registry.register(wms, 0)
    expect(registry.freshness(0)).toEqual({})
    expect(registry.lateSourceOf('picking', 1e12)).toBeUndefined()
  })

  it('answers for a stage as long as no other one has spoken of it', () => {
    const registry = heard('picking', 'packing')
    registry.received('erp', new Set(['packing']), minute)
    expect(registry.lateSourceOf('picking', 5 * minute)).toBe('wms')
    expect(registry.lateSourceOf('packing', 5 * minute)).toBeUndefined()
  })

  it('is known after a restart by what was taken down', () => {
    const registry = heard('picking')
    const restarted = new SourceRegistry()
    for (const source of registry.takeChanged()) restarted.register(source, 60 * minute)
    expect(restarted.lateSourceOf('picking', 5 * minute)).toBe('wms')
    expect(restarted.freshness(5 * minute)).toEqual(registry.freshness(5 * minute))
  })

  it('keeps the newest word when it is described again', () => {
    const registry = heard('picking')
    registry.register({ ...wms, intervalMs: 10 * minute, lastReceivedAt: -5, stages: ['packing'] }, 0)
    expect(registry.freshness(5 * minute)['wms']).toMatchObject({
      late: false,
      lastReceivedAt: 0,
      intervalMs: 10 * minute,
    })
    expect(registry.lateSourceOf('packing', 31 * minute)).toBe('wms')
  })

  it('is silent for as long as before when the clock is set', () => {
    const registry = heard('picking')
    registry.shift(-hour)
    expect(registry.lateSourceOf('picking', 2 * minute - hour)).toBeUndefined()
    expect(registry.lateSourceOf('picking', 31 * minute - hour)).toBe('wms')
    registry.shift(30 * day)
    expect(registry.lateSourceOf('picking', 2 * minute - hour + 30 * day)).toBeUndefined()
  })

  it('that was written down by a clock ahead of this one has spoken when that is read, and once', () => {
    const registry = new SourceRegistry()
    const ahead = { ...wms, lastReceivedAt: 400 * day, stages: ['picking'] }
    registry.register(ahead, minute)
    for (let now = minute; now < hour; now += minute) registry.register(ahead, now)
    expect(registry.freshness(hour)['wms']).toMatchObject({ lastReceivedAt: minute, late: true })
  })

  it('is taken down once for each time that it has spoken', () => {
    const registry = heard('picking')
    expect(registry.takeChanged()).toEqual([{ ...wms, lastReceivedAt: 0, stages: ['picking'] }])
    expect(registry.takeChanged()).toEqual([])
    registry.received('wms', new Set(['picking', 'packing']), minute)
    expect(registry.takeChanged()).toEqual([{ ...wms, lastReceivedAt: minute, stages: ['picking', 'packing'] }])
  })
})

describe('many sources', () => {
  it('are known up to a thousand, those of one commit included', () => {
    const registry = new SourceRegistry()
    for (let i = 0; i < 998; i++) registry.received(`known-${i}`, new Set(), 0)
    const admits = registry.admission()
    const refused = ['known-1', 'new-1', 'new-1', 'new-2', 'new-3', 'known-2'].filter((source) => admits(source))
    expect(refused).toEqual(['new-3'])
    expect(admits('new-3')).toMatchObject({ code: 'too_many_sources', field: 'source' })
    expect(registry.admission()('new-3')).toBeUndefined()
    for (let i = 0; i < 10; i++) registry.received(`new-${i}`, new Set(), 0)
    expect(registry.size).toBe(1_000)
  })

  it('name any number of stages, a thousand of which are remembered of each', () => {
    const registry = heard('picking')
    const named = (from: number) => new Set(Array.from({ length: 900 }, (_, i) => `stage-${from + i}`))
    registry.received('wms', named(0), 0)
    registry.received('wms', named(900), 0)
    registry.register({ ...wms, stages: [...named(1_800)] }, 0)
    const [kept] = registry.takeChanged()
    expect(kept?.stages).toHaveLength(1_000)
    expect(kept?.stages.slice(0, 2)).toEqual(['picking', 'stage-0'])
    registry.received('wms', new Set(['picking']), hour)
    expect([registry.lateSourceOf('picking', 2 * hour), registry.lateSourceOf('stage-1799', 2 * hour)]).toEqual([
      'wms',
      undefined,
    ])
  })

  it('are named by twenty: the late ones, the longest silent first, then the newest', () => {
    const registry = new SourceRegistry()
    const name = { zh: '', en: '' }
    for (let i = 0; i < 50; i++) registry.received(`s-${i}`, new Set(), i)
    for (const [source, lastReceivedAt] of [
      ['late-1', -900],
      ['late-2', -800],
    ] as const) {
      registry.register({ source, name, stages: [], intervalMs: 100, lastReceivedAt }, 0)
    }
    const { sources, moreSources } = registry.overview(60)
    const names = Object.keys(sources)
    expect(names).toHaveLength(20)
    expect(names.slice(0, 4)).toEqual(['late-1', 'late-2', 's-49', 's-48'])
    expect(moreSources).toEqual({ count: 32, lateCount: 0 })
  })

  it('that a board has room for are all named', () => {
    const registry = new SourceRegistry()
    for (let i = 0; i < 20; i++) registry.received(`s-${i}`, new Set(), i)
    expect(Object.keys(registry.overview(60).sources)).toHaveLength(20)
    expect(registry.overview(60)).not.toHaveProperty('moreSources')
  })
})
