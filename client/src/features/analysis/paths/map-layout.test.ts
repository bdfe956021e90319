import type { PathsAnswer } from '@stagewatch/shared/contract/analysis-paths.ts'
import { describe, expect, it } from 'vitest'
import { layoutMap, nodeLeft, nodeWidth } from './map-layout.ts'

const stages = ['order', 'approve', 'make', 'check'].map((stage) => ({
  stage,
  name: { zh: stage, en: stage },
  visits: 1,
  orders: 1,
  returned: 0,
  begins: 0,
  ends: 0,
}))
const move = (from: string, to: string): PathsAnswer['moves'][number] => {
  return { from, to, kind: 'next', moves: 1, orders: 1, p50GapMs: 0 }
}

describe('the map of a process', () => {
  it('draws steps between neighbours, and everything else around them', () => {
    const moves = [move('order', 'approve'), move('order', 'make'), move('check', 'make'), move('elsewhere', 'make')]
    const { steps, arcs, nodes, hidden } = layoutMap(stages, moves)
    expect(steps.map(({ move: { from, to } }) => [from, to])).toEqual([['order', 'approve']])
    const sides = arcs.map(({ move: { from, to }, isBack, labelX }) => [
      from,
      to,
      isBack,
      labelX > nodeLeft + nodeWidth,
    ])
    expect(sides).toEqual([
      ['check', 'make', true, true],
      ['order', 'make', false, false],
    ])
    expect(nodes.map(({ y }) => y)).toEqual([0, 76, 152, 228])
    expect(hidden).toBe(0)
  })

  it('puts arcs that run past one another into lanes of their own, the short one inside', () => {
    const { arcs } = layoutMap(stages, [move('order', 'check'), move('approve', 'check'), move('order', 'make')])
    const far = new Map(arcs.map(({ move: { from, to }, labelX }) => [`${from} ${to}`, labelX]))
    expect(new Set(far.values()).size).toBe(3)
    expect(far.get('order check')).toBe(Math.min(...far.values()))
  })

  it('draws a stage that follows itself as a return', () => {
    expect(layoutMap(stages, [move('make', 'make')]).arcs).toMatchObject([{ isBack: true }])
  })
})
