import { describe, expect, it } from 'vitest'
import { languages } from '../locales.ts'
import { isConditionOf, readyRule, readyRuleNames, readyRules } from './ready-rules.ts'

describe('a ready-made rule', () => {
  it.each(readyRules)('has a name of its own in each language of the product: %s', (ready) => {
    for (const language of languages) {
      const { name, names } = readyRule(ready, language)
      expect([language, names[language]]).toEqual([language, name])
      expect(name.trim()).not.toBe('')
      const others = readyRules.filter((other) => other !== ready)
      expect(others.map((other) => readyRuleNames[other][language])).not.toContain(name)
    }
  })

  it('is known again by its condition, in whatever order its fields come and with whatever time', () => {
    for (const ready of readyRules) {
      const { condition } = readyRule(ready, 'en')
      const reversed = Object.fromEntries(Object.entries(condition).toReversed()) as typeof condition
      expect(readyRules.filter((other) => isConditionOf(other, reversed))).toEqual([ready])
    }
    expect(isConditionOf('stalled', { kind: 'stalled', clock: 'working' })).toBe(true)
    expect(isConditionOf('held', { kind: 'held', afterMs: 60_000 })).toBe(true)
    expect(isConditionOf('overdue', { kind: 'target', ratio: 0.9 })).toBe(false)
    const late = { kind: 'measure', measure: 'overdueCount', above: 3, clearAt: 1, forMs: 0 } as const
    expect(isConditionOf('silent', late)).toBe(false)
  })
})
