import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { describe, expect, it } from 'vitest'
import { PathRules } from './path-rules.ts'

const stages = [
  plainStage('order'),
  plainStage('approve'),
  { ...plainStage('make'), department: 'works' },
  plainStage('check'),
  { ...plainStage('signed'), terminal: true as const },
]
const paths = [
  { from: 'order', to: 'make' },
  { from: 'check', to: 'make', maxTimes: 1 },
]
const definition = { code: 'default', name: { zh: '', en: '' }, stages, paths, acceptsNewStages: true, goals: {} }
const rules = new PathRules(definition)

describe('a move between two stages', () => {
  it.each([
    ['order', 'approve', 'next'],
    ['order', 'make', 'branch'],
    ['order', 'check', 'skip'],
    ['check', 'make', 'return'],
    ['check', 'order', 'rework'],
    ['check', 'check', 'rework'],
    ['check', 'elsewhere', 'other'],
  ])('from %s to %s is %s', (from, to, kind) => {
    expect(rules.kindOf(from, to)).toBe(kind)
  })
})

describe('what an order passed over', () => {
  const skippedBy = (codes: string[], isCompleted: boolean, by = rules) =>
    by.deviationsOf(codes, codes, isCompleted).skipped

  it('is a stage before one that it reached, unless a branch leads around it', () => {
    expect(skippedBy(['order', 'check'], false)).toEqual(['approve', 'make'])
    expect(skippedBy(['order', 'make'], false)).toEqual([])
    expect(skippedBy(['make', 'check'], false)).toEqual(['order', 'approve'])
    expect(skippedBy(['order'], false)).toEqual([])
  })

  it('is whatever it did not visit when it was signed, and never the stage that ends it', () => {
    expect(skippedBy(['order', 'approve', 'make'], true)).toEqual(['check'])
    expect(skippedBy(['order', 'approve', 'make', 'signed'], true)).toEqual(['check'])
    expect(skippedBy(['order', 'approve', 'make', 'check'], true)).toEqual([])
    expect(skippedBy([], false)).toEqual([])
  })

  it("includes only a department's own stages when the caller has that scope", () => {
    expect(skippedBy(['order', 'check'], false, new PathRules(definition, ['works']))).toEqual(['make'])
  })
})

describe('an order that returns', () => {
  const deviations = (codes: string[], seen = codes) => rules.deviationsOf(codes, seen, true)

  it('may do so as often as the path allows', () => {
    const once = ['order', 'approve', 'make', 'check', 'make', 'check', 'signed']
    expect(deviations(once)).toEqual({ skipped: [], overReturned: [], isReworked: false })
    const twice = [...once.slice(0, -1), 'make', 'check', 'signed']
    expect(deviations(twice).overReturned).toEqual([{ from: 'check', to: 'make', maxTimes: 1 }])
  })

  it('deviates when it takes a step for which no path is defined', () => {
    expect(deviations(['order', 'approve', 'order', 'make', 'check'])).toMatchObject({ isReworked: true })
    // Stages of other departments in between are ignored.
    expect(deviations(['order', 'approve', 'order', 'make', 'check'], ['order', '', 'order', '', ''])).toMatchObject({
      isReworked: false,
    })
  })
})
