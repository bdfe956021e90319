import { describe, expect, it } from 'vitest'
import { nextStages, usualNextStage } from './next-stages.ts'
import { plainStage, type ProcessDefinition } from './process-definition.ts'

const process: ProcessDefinition = {
  code: 'p',
  name: { en: 'P' },
  stages: ['cut', 'weld', 'paint', 'check', 'ship'].map(plainStage),
  paths: [
    { from: 'check', to: 'weld' },
    { from: 'weld', to: 'check' },
    { from: 'weld', to: 'paint' },
    { from: 'cut', to: 'gone' },
  ],
  acceptsNewStages: false,
  goals: {},
}

describe('the stages that may follow', () => {
  it.each([
    ['an order that has been in none', undefined, ['cut'], 'cut'],
    ['a stage without paths, or with one to a stage that is gone', 'cut', ['weld'], 'cut→weld'],
    ['a stage with a branch, which is named once where it is the usual way too', 'weld', ['paint', 'check'], 'choice'],
    ['a stage with a return, which nobody goes without saying so', 'check', ['ship', 'weld (back)'], 'ship'],
    ['the last stage', 'ship', [], 'none'],
    ['a stage that the process does not have', 'drill', [], 'none'],
  ])('%s', (_, from, ways, usual) => {
    expect(nextStages(process, from).map(({ stage, isReturn }) => stage.code + (isReturn ? ' (back)' : ''))).toEqual(
      ways,
    )
    const found = usualNextStage(process, from)
    expect(found === 'choice' ? found : (found?.code ?? 'none')).toBe(usual.replace(/.*→/, ''))
  })
})
