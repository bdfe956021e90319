import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { describe, expect, it } from 'vitest'
import { newSiteRules, TrialRules } from './trial-rules.ts'

const stage = (code: string, terminal?: true) => ({
  code,
  name: { en: code },
  warnAtRatio: 0.8,
  toleranceRatio: 0,
  ...(terminal && { terminal }),
})
const process = (code: string, acceptsNewStages = false): ProcessDefinition => ({
  code,
  name: { en: code },
  stages: [stage('pick'), stage('closed', true)],
  acceptsNewStages,
  goals: {},
})
/** A site whose processes have the stage `old`. */
const siteWith = (...codes: string[]) => ({
  ...newSiteRules,
  defaultProcess: codes[0] ?? 'default',
  histories: () => codes.map((code) => [{ validFrom: 0, definition: process(code) }] as const),
  isKnown: (code: string) => codes.includes(code),
  hasStage: (_code: string, code: string) => code === 'old',
  takes: (_code: string, code: string | undefined) => code === undefined || code === 'old',
  rulesOf: () => ({ isTerminal: (code: string) => code === 'old' }),
})

describe('the rules of a trial', () => {
  it('are those of the site when no process is tried', () => {
    const rules = new TrialRules(siteWith('main', 'returns'), undefined)
    expect([rules.defaultProcess, rules.onlyProcess]).toEqual(['main', undefined])
    expect(['main', 'returns', 'other'].map((code) => rules.isKnown(code))).toEqual([true, true, false])
    expect(['old', 'pick'].map((code) => rules.hasStage('main', code))).toEqual([true, false])
    expect([undefined, 'old', 'pick'].map((code) => rules.takes('main', code))).toEqual([true, true, false])
    expect(['old', 'closed'].map((code) => rules.rulesOf('main').isTerminal(code, 0))).toEqual([true, false])
    expect(new TrialRules(siteWith('main'), undefined).onlyProcess).toBe('main')
  })

  it('have the first process of a site as its default, and otherwise the one that it had', () => {
    const first = new TrialRules(newSiteRules, process('new'))
    expect([first.defaultProcess, first.onlyProcess]).toEqual(['new', 'new'])
    const second = new TrialRules(siteWith('main'), process('new'))
    expect([second.defaultProcess, second.onlyProcess]).toEqual(['main', undefined])
    const same = new TrialRules(siteWith('main'), process('main'))
    expect([same.defaultProcess, same.onlyProcess]).toEqual(['main', 'main'])
  })

  it('have the stages of the tried process in addition', () => {
    const rules = new TrialRules(siteWith('main'), process('new'))
    expect([rules.isKnown('new'), rules.isKnown('main'), rules.isKnown('other')]).toEqual([true, true, false])
    expect(['pick', 'closed', 'old', 'pack'].map((code) => rules.hasStage('new', code))).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect(['pick', 'closed'].map((code) => rules.hasStage('main', code))).toEqual([false, false])
    expect(['pick', 'closed'].map((code) => rules.rulesOf('new').isTerminal(code, 0))).toEqual([false, true])
    expect(['old', 'closed'].map((code) => rules.rulesOf('main').isTerminal(code, 0))).toEqual([true, false])
  })

  it('take new stages of the tried process only if it says so', () => {
    const takes = (tried: ProcessDefinition) => {
      const rules = new TrialRules(newSiteRules, tried)
      return [undefined, 'pick', 'pack'].map((code) => rules.takes(tried.code, code))
    }
    expect(takes(process('new'))).toEqual([true, true, false])
    expect(takes(process('new', true))).toEqual([true, true, true])
    // A site without a process learns its stages.
    expect(new TrialRules(newSiteRules, undefined).takes('default', 'pack')).toBe(true)
  })

  it('have the stages that a process would have learned before', () => {
    const rules = new TrialRules(newSiteRules, undefined)
    expect(rules.hasStage('default', 'pack')).toBe(false)
    rules.learn(new Map([['default', new Set(['pack'])]]))
    rules.learn(new Map([['default', new Set(['ship'])]]))
    expect(['pack', 'ship', 'pick'].map((code) => rules.hasStage('default', code))).toEqual([true, true, false])
    expect(rules.hasStage('other', 'pack')).toBe(false)
  })

  it('of a new site know one process without stages, in which nothing ends', () => {
    expect([newSiteRules.isKnown('default'), newSiteRules.isKnown('other')]).toEqual([true, false])
    expect(newSiteRules.rulesOf('default').isTerminal('closed', 0)).toBe(false)
    expect(newSiteRules.histories()).toEqual([])
  })
})
