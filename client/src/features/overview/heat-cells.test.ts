import type { HeatmapAnswer } from '@stagewatch/shared/contract/heatmap.ts'
import { untranslated } from '@stagewatch/shared/domain/local-text.ts'
import { describe, expect, it } from 'vitest'
import { dwellClass, heatTable, listedCount, neutralClass, type StageRule } from './heat-cells.ts'
import { roundStep } from '../../components/chart/round-step.ts'

const hourMs = 3_600_000

function looks(
  part: Partial<HeatmapAnswer> & Pick<HeatmapAnswer, 'cells' | 'counts'>,
  rule: StageRule = { toleranceRatio: 0.1 },
) {
  const answer: HeatmapAnswer = {
    metric: 'breachRatio',
    basis: 'snapshot',
    rows: part.cells.map((_, y) => ({ key: `s${y}`, name: untranslated(`s${y}`), process: 'main' })),
    columns: (part.cells[0] ?? []).map((_, x) => x),
    closed: [],
    missing: [],
    asOf: 0,
    position: '0',
    ...part,
  }
  const { rows, leftOut } = heatTable(answer, () => rule, 'en')
  return { looks: rows.map(({ cells }) => cells.map(({ look }) => look)), keys: rows.map(({ key }) => key), leftOut }
}

describe('a cell of the heat map', () => {
  it('is warm from the tolerance of its stage on', () => {
    const cells = [[0, 0.04, 0.09, 0.1, 0.15, 0.25]]
    const counts = [[100, 100, 100, 100, 100, 100]]
    expect(looks({ cells, counts }).looks[0]?.map((look) => look?.heat)).toEqual([0, 1, 2, 3, 4, 5])
    const strict = looks({ cells, counts }, { toleranceRatio: 0.02 })
    expect(strict.looks[0]?.map((look) => look?.heat)).toEqual([0, 4, 5, 5, 5, 5])
  })

  it('is blank where there is nothing to say, and a fraction of a few orders', () => {
    expect(looks({ cells: [[null, 1 / 3, 0.5]], counts: [[0, 3, 4]] }).looks).toEqual([
      [undefined, { heat: 2, value: '1/3' }, { heat: 5, value: '2/4' }],
    ])
    // A ratio of a few finished visits is no warmer than the same ratio of current orders.
    const finished = looks({ basis: 'finished', cells: [[1 / 3, 0.5, 1 / 3]], counts: [[3, 4, 30]] })
    expect(finished.looks).toEqual([
      [
        { heat: 2, value: '33' },
        { heat: 5, value: '50' },
        { heat: 5, value: '33' },
      ],
    ])
  })

  it('is blank on a closed day, unless something was finished then', () => {
    const cells = [[0.5, 0.5]]
    const counts = [[20, 20]]
    expect(looks({ cells, counts, closed: [[0, 0]] }).looks).toEqual([[undefined, { heat: 5, value: '50' }]])
    const finished = { basis: 'finished', metric: 'visits', cells: [[3, 0]], counts: [[3, 0]] } as const
    const places: [number, number][] = [
      [0, 0],
      [0, 1],
    ]
    expect(looks({ ...finished, cells: [[3, 0]], counts: [[3, 0]], closed: places }).looks).toEqual([
      [{ heat: 2, value: '3' }, undefined],
    ])
  })

  it('is warm where a median is past the limit, and never where there is none', () => {
    expect([0.4, 0.7, 0.9, 1, 1.5, 2.5].map((part) => dwellClass(part * hourMs, hourMs))).toEqual([0, 1, 2, 3, 4, 5])
    expect(dwellClass(1_000 * hourMs, undefined)).toBe(1)
    const { looks: medians } = looks({ metric: 'p50', basis: 'finished', cells: [[5.2 * hourMs]], counts: [[9]] })
    expect(medians).toEqual([[{ heat: 1, value: '5.2', unit: 'h' }]])
  })

  it('has no warm colour for an amount', () => {
    expect([0, 4, 5, 10].map((value) => neutralClass(value, 10))).toEqual([0, 1, 2, 2])
  })

  it('stands in the busiest rows of many names', () => {
    const many = Array.from({ length: 20 }, (_, y) => y)
    const { keys, leftOut } = looks({
      metric: 'visits',
      basis: 'finished',
      rows: many.map((y) => ({ key: `c${y}`, name: untranslated(`c${y}`) })),
      cells: many.map((y) => [y]),
      counts: many.map((y) => [y]),
    })
    expect([keys.length, keys[0], leftOut]).toEqual([14, 'c19', 6])
  })
})

it('a scale has round steps that reach its largest number', () => {
  expect([0, 2, 38, 45, 100, 1_234].map(roundStep)).toEqual([1, 1, 15, 15, 50, 500])
})

describe('the list that a cell leads to', () => {
  it('has the overdue ones of its orders, or all that are there', () => {
    expect(listedCount({ metric: 'breachRatio', basis: 'snapshot' }, { value: 1 / 3, count: 42 })).toBe(14)
    expect(listedCount({ metric: 'wip', basis: 'snapshot' }, { value: 42, count: 42 })).toBe(42)
  })

  it('is about something else where the cell counts visits that ended, or nothing', () => {
    expect(listedCount({ metric: 'breachRatio', basis: 'finished' }, { value: 0.5, count: 4 })).toBeUndefined()
    expect(listedCount({ metric: 'breachRatio', basis: 'snapshot' }, { value: null, count: 0 })).toBeUndefined()
  })
})
